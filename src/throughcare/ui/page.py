"""What every page of the site shares: who is signed in, the navigation, and pages for what goes wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from throughcare.kit.auth.principal import Principal
from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.runtime import Runtime
from throughcare.kit.web import problems
from throughcare.kit.web.pages import NavigationItem, Pages, wants_page
from throughcare.ui.session.routes import recognise
from throughcare.ui.session.usecases import SignInNeeded

CONSOLE_ROLES = ("ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN")
INBOX_ROLES = ("ROLE_NOTIFY__INBOX",)
PLACES = (("Home", "/", ()), ("Console", "/console", CONSOLE_ROLES), ("Messages", "/inbox", INBOX_ROLES))
TITLES = {403: "You cannot see this page", 404: "Page not found", 503: "Sorry, part of the service is not available"}
HELP = {
    403: [
        "Your account does not have the role that this page needs.",
        "Sign in with another account, or ask an administrator.",
    ],
    404: [
        "If you typed the web address, check it is correct.",
        "If you followed a link, go to the home page and start again.",
    ],
    503: ["Nothing that you entered was lost.", "Try again in a minute."],
}  # fmt: skip

pages = Pages("throughcare.ui")


def page(request: Request, ctx: Context, template: str, *, title: str, page_id: str, **values: Any) -> HTMLResponse:
    """A page for the visitor of ``request``."""
    visit = getattr(request.state, "visit", None)
    return pages.render(
        template, title=title, page_id=page_id, user=ctx.user if visit else None,
        navigation=navigation(ctx.user, request.url.path), csrf_token=visit.csrf if visit else "", **values,
    )  # fmt: skip


def navigation(user: Principal, path: str) -> list[NavigationItem]:
    """The places that this user may go to."""
    allowed = [(text, href) for text, href, roles in PLACES if not roles or user.has_any(roles)]
    return [NavigationItem(text, href, _within(path, href)) for text, href in allowed] if len(allowed) > 1 else []


def _within(path: str, href: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")


def customise(app: FastAPI, runtime: Runtime) -> None:
    """Recognise visitors by their cookie, and answer browsers with pages when something is wrong."""
    app.state.authenticator = recognise
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(ServiceError, _problem)
    app.add_exception_handler(404, _not_found)


async def _sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if request.method == "GET" and wants_page(request):
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?return_to={quote(wanted)}", 303)
    if wants_page(request):
        return pages.problem("You have been signed out", ["Sign in again, then repeat what you did."], 401)
    return problems.service_error(request, error)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if not wants_page(request):
        return problems.service_error(request, error)
    status = 503 if error.status == 502 else error.status
    return pages.problem(TITLES.get(status, error.title), HELP.get(status, [error.message]), status)


async def _not_found(request: Request, error: Exception) -> Response:
    if wants_page(request):
        return pages.problem(TITLES[404], HELP[404], 404)
    return (
        problems.service_error(request, error) if isinstance(error, ServiceError) else await problems.not_found(request)
    )
