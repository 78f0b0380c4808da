"""What browsers are told when something is wrong, and how they get back to what they wanted to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.errors import ServiceError
from throughcare.kit.runtime import Runtime
from throughcare.kit.web import problems
from throughcare.kit.web.access import check_body
from throughcare.kit.web.pages import Help, NavigationItem, Pages, explain_problems, wants_page
from throughcare.ui.page import page, shell
from throughcare.ui.session.routes import StaleForm, recognise
from throughcare.ui.session.usecases import SignInNeeded

HELPS = {
    "SIGN_IN_FAILED": Help(
        "You were not signed in",
        ["Signing in took too long, or was begun in another browser."],
        NavigationItem("Sign in", "/sign-in"),
    ),
    "SIGN_IN_CHECKS_UNAVAILABLE": Help(
        "Sign-in checks unavailable",
        ["We cannot check that you are still signed in. You have not been signed out.", "Try again in a minute."],
    ),
}
SIGNED_OUT = (
    "You have been signed out",
    "This happens when you have not used the service for 30 minutes, or signed out elsewhere. Nothing was sent.",
    "Sign in and go back to the form",
)
OPEN_TOO_LONG = (
    "Check and send again",
    "The page was open while you signed in again, so the form was not accepted. Nothing was sent.",
    "Go back to the form",
)


def customise(app: FastAPI, runtime: Runtime) -> None:
    """Recognise visitors by their cookie, and answer browsers with pages when something is wrong."""
    demonstration = runtime.topology.environment in {"dev", "test"}
    app.state.pages = Pages("throughcare.ui", demonstration=demonstration)
    app.state.authenticator = recognise
    app.add_exception_handler(404, _nothing_there)
    explain_problems(app, app.state.pages, HELPS, _shell)
    app.add_exception_handler(SignInNeeded, _sign_in_needed)
    app.add_exception_handler(StaleForm, _stale_form)


async def _nothing_there(request: Request, _error: Exception) -> Response:
    return await problems.not_found(request)


async def _shell(request: Request) -> Mapping[str, Any]:
    if request.method == "GET" and request.scope.get("route") is None:
        with suppress(Exception):  # nobody is signed in, or nobody can tell: the page comes without a name
            await recognise(request)
    return shell(request)


async def _sign_in_needed(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if not wants_page(request):
        return problems.service_error(request, error)
    if request.method != "GET":
        return await _typed(request, SIGNED_OUT, 401, f"/sign-in?return_to={quote(request.url.path)}")
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?return_to={quote(wanted)}", 303)


async def _stale_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    if not wants_page(request):
        return problems.service_error(request, error)
    return await _typed(request, OPEN_TOO_LONG, 403, request.url.path)


async def _typed(request: Request, words: tuple[str, str, str], status: int, back: str) -> Response:
    """A page that gives back what was typed into a form of ours; what another site's form sends is not shown."""
    typed: dict[str, str] = {}
    if request.headers.get("origin") == request.app.state.runtime.topology.public_url("ui"):
        await check_body(request)
        fields = (await request.form()).items()
        typed = {name: value for name, value in fields if isinstance(value, str) and value and name != "csrf_token"}
    title, line, button = words
    shown = page(
        request, "session/not_sent.html", title=title, page_id="not-sent", line=line, button=button, back=back,
        typed=typed,
    )  # fmt: skip
    shown.status_code = status
    return shown
