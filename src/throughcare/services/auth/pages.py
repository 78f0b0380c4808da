"""The pages of the authorisation server and the cookie that they share."""

from __future__ import annotations

from functools import cache

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

SECURE_COOKIE, PLAIN_COOKIE = "__Host-auth-session", "auth-session"
COOKIE_SECONDS = 12 * 60 * 60
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def page(request: Request, template: str, *, status: int = 200, **values: object) -> Response:
    """A page of ours."""
    body = _environment().get_template(template).render(root=request.scope.get("root_path", ""), **values)
    return HTMLResponse(body, status_code=status, headers=HEADERS)


def cookie_of(request: Request) -> str | None:
    """The browser's cookie, or None."""
    return request.cookies.get(_name(request))


def set_cookie(request: Request, response: Response, value: str) -> None:
    """Give the browser a new cookie, for as long as a sign-in can last."""
    secure = _is_secure(request)
    response.set_cookie(
        _name(request), value, max_age=COOKIE_SECONDS, path="/", secure=secure, httponly=True, samesite="lax"
    )


def drop_cookie(request: Request, response: Response) -> None:
    """Take the browser's cookie away."""
    secure = _is_secure(request)
    response.delete_cookie(_name(request), path="/", secure=secure, httponly=True, samesite="lax")


def _name(request: Request) -> str:
    return SECURE_COOKIE if _is_secure(request) else PLAIN_COOKIE


def _is_secure(request: Request) -> bool:
    return str(request.app.state.runtime.topology.base_url).startswith("https://")


@cache
def _environment() -> Environment:
    loader = PackageLoader("throughcare.services.auth", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
