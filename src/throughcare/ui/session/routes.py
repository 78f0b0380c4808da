"""Signing in and out, and recognising the visitor of every page."""

from __future__ import annotations

import asyncio
import hmac
from collections import defaultdict

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.auth.principal import Principal
from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden
from throughcare.kit.web.access import verified
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.peers import auth
from throughcare.ui.session import usecases
from throughcare.ui.session.model import Visit, random_id, safe_return
from throughcare.ui.session.store import TokenSafe

router = Router(tag="Sign-in", include_in_schema=False)

_refreshing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class StaleForm(Forbidden):
    """A form without the visit's token (403): from another site, or from before signing in again."""

    code = "STALE_FORM"
    title = "This form is out of date; go back, reload the page and try again"


def cookie(ctx: Context, name: str) -> str:
    """The name of a cookie: with the ``__Host-`` prefix wherever the site is served over TLS."""
    return f"__Host-{name}" if _secure(ctx) else name


def _secure(ctx: Context) -> bool:
    return ctx.runtime.topology.public_url("ui").startswith("https://")


def safe_of(ctx: Context) -> TokenSafe:
    """What encrypts the visits' tokens."""
    return TokenSafe(ctx.secrets.derive("ui:visit-tokens"))


async def recognise(request: Request) -> Principal:
    """The visitor behind the cookie, or the caller behind a bearer token. Raises SignInNeeded, StaleForm."""
    if "authorization" in request.headers:
        return await verified(request)
    context = request.app.state.runtime.context()
    visit_id = request.cookies.get(cookie(context, "visit"))
    if not visit_id:
        raise usecases.SignInNeeded
    lock = _refreshing[visit_id]
    try:
        async with lock:
            visit = await usecases.continue_visit(
                context.uow, context.new_uow(), visit_id, safe_of(context), lambda token: auth.refresh(context, token)
            )
    finally:
        if not lock.locked():
            _refreshing.pop(visit_id, None)
    if request.method in UNSAFE:
        await _check_form(request, visit)
    request.state.visit = visit
    return visit.principal


async def _check_form(request: Request, visit: Visit) -> None:
    form = await request.form()
    if not hmac.compare_digest(str(form.get("csrf_token", "")), visit.csrf):
        raise StaleForm


@router.get("/sign-in", public=True)
async def sign_in(ctx: Ctx, request: Request, return_to: str = "/") -> Response:
    """Send the browser to the authorisation server."""
    browser = random_id()
    pending = await usecases.begin_sign_in(ctx.uow, browser, safe_return(return_to))
    answer = RedirectResponse(auth.authorise_url(ctx, pending), 303)
    _set(ctx, answer, "signing-in", browser)
    return answer


@router.get("/sign-in/callback", public=True)
async def callback(ctx: Ctx, request: Request, code: str = "", state: str = "") -> Response:
    """The browser is back with a code: begin the visit."""
    browser = request.cookies.get(cookie(ctx, "signing-in"), "")
    pending = await usecases.take_pending(ctx.uow, state, browser)
    granted = await auth.exchange(ctx, code, pending) if code else None
    if granted is None:
        raise usecases.SignInFailed
    old = request.cookies.get(cookie(ctx, "visit"))
    if old:
        await usecases.end_visit(ctx.new_uow(), old)
    visit_id = await usecases.begin_visit(ctx.new_uow(), granted, safe_of(ctx))
    answer = RedirectResponse(pending.return_to, 303)
    answer.delete_cookie(cookie(ctx, "signing-in"))
    _set(ctx, answer, "visit", visit_id)
    return answer


@router.get("/sign-out", public=True)
async def sign_out(ctx: Ctx, request: Request) -> Response:
    """End the visit here and the session at the authorisation server."""
    visit_id = request.cookies.get(cookie(ctx, "visit"))
    if visit_id:
        await usecases.end_visit(ctx.uow, visit_id)
    answer = RedirectResponse(auth.sign_out_url(ctx), 303)
    answer.delete_cookie(cookie(ctx, "visit"))
    return answer


def _set(ctx: Context, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(cookie(ctx, name), value, path="/", httponly=True, samesite="lax", secure=_secure(ctx))
