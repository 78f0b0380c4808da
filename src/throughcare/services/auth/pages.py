"""The pages of the authorisation server and the cookie that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Request, Response

from throughcare.kit.runtime import Runtime
from throughcare.kit.web.pages import Pages, explain_problems

SECURE_COOKIE, PLAIN_COOKIE = "__Host-auth-session", "auth-session"
COOKIE_SECONDS = 12 * 60 * 60
HEADERS = {"Referrer-Policy": "no-referrer"}
TITLES = {
    "sign_in.html": "Sign in",
    "unknown_destination.html": "There is a problem with the service that you came from",
}


def offer_pages(app: FastAPI, runtime: Runtime) -> None:
    """Answer browsers with pages when something is wrong. Call it when the other handlers are in place."""
    explain_problems(app, _pages(runtime), {}, _no_visitor)


async def _no_visitor(_request: Request) -> Mapping[str, Any]:
    return {}


def page(request: Request, template: str, *, status: int = 200, leads_to: str = "", **values: Any) -> Response:
    """A page of ours. Its forms may lead to the origin of ``leads_to`` besides our own."""
    name = template.removesuffix(".html").replace("_", "-")
    return _pages(request.app.state.runtime).render(
        template, title=TITLES[template], page_id=name, status=status, headers=HEADERS,
        form_action=_origin(leads_to), root=request.scope.get("root_path", ""), **values,
    )  # fmt: skip


def waiting_for(pending: str | None) -> str:
    """The address to which the request that waits for a sign-in leads back; empty when none waits."""
    return parse_qs(pending or "").get("redirect_uri", [""])[0]


def _pages(runtime: Runtime) -> Pages:
    topology = runtime.topology
    return Pages(
        "throughcare.services.auth", root=runtime.service.path, home_url=f"{topology.public_url('ui')}/",
        demonstration=topology.environment in {"dev", "test"},
    )  # fmt: skip


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else ""


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
