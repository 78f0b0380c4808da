"""Signing in and out, and recognising the visitor of every page."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urlsplit
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.responses import Response

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import real_now
from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden, Unavailable
from throughcare.kit.web.access import check_body, verified
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pages import wants_page
from throughcare.kit.web.router import Router
from throughcare.ui.banner.usecases import banners_for
from throughcare.ui.cookies import cookie_of, give_cookie, take_cookie
from throughcare.ui.page import page
from throughcare.ui.peers import auth
from throughcare.ui.session import usecases
from throughcare.ui.session.model import PENDING, Visit, random_id, safe_return
from throughcare.ui.session.store import TokenSafe

router = Router(tag="Sign-in", include_in_schema=False)

_refreshing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class StaleForm(Forbidden):
    """A form without the visit's token (403): from another site, or from before signing in again."""

    code = "STALE_FORM"
    title = "This form is out of date; go back, reload the page and try again"


def safe_of(ctx: Context) -> TokenSafe:
    """What encrypts the visits' tokens."""
    return TokenSafe(ctx.secrets.derive("ui:visit-tokens"))


async def recognise(request: Request) -> Principal:
    """The visitor behind the cookie, or the caller behind a bearer token.

    Whoever signed out elsewhere, or was shut out, is no visitor any more. Raises SignInNeeded, StaleForm,
    LivenessUnknown.
    """
    if "authorization" in request.headers:
        return await verified(request)
    context = request.app.state.runtime.context()
    visit_id = cookie_of(request, "visit")
    if not visit_id:
        raise usecases.SignInNeeded
    lock = _refreshing[visit_id]
    try:
        async with lock:
            visit = await usecases.continue_visit(
                context.uow, context.new_uow(), visit_id, safe_of(context),
                lambda token: auth.is_accepted(context, token), lambda token: auth.refresh(context, token),
            )  # fmt: skip
    finally:
        if not lock.locked():
            _refreshing.pop(visit_id, None)
    reading = request.method not in UNSAFE
    if not await request.app.state.runtime.liveness.alive(visit.tokens.access, reading=reading):
        raise usecases.SignInNeeded
    request.state.visit = visit
    if wants_page(request):
        request.state.banners = await banners_for(context, visit.principal, visit.dismissed)
    if request.method in UNSAFE:
        await _check_form(request, visit)
    return visit.principal


async def recognise_if_signed_in(request: Request) -> Principal | None:
    """The visitor of a page that is open to everybody; None when nobody is signed in. Raises StaleForm."""
    with suppress(usecases.SignInNeeded, Unavailable):
        return await recognise(request)
    return None


async def _check_form(request: Request, visit: Visit) -> None:
    await check_body(request)
    form = await request.form()
    if not visit.knows(str(form.get("csrf_token", ""))):
        raise StaleForm


@router.get("/sign-in", public=True)
async def sign_in(ctx: Ctx, request: Request, return_to: str = "/", moved: bool = False) -> RedirectResponse:
    """Send the browser to the authorisation server; first to our own address, if it came by another."""
    here = ctx.runtime.topology.public_url("ui")
    if request.url.netloc != urlsplit(here).netloc and not moved:
        return RedirectResponse(f"{here}/sign-in?moved=true&return_to={quote(safe_return(return_to))}", 303)
    browser = cookie_of(request, "signing-in") or random_id()
    pending = await usecases.begin_sign_in(ctx.uow, browser, safe_return(return_to))
    answer = RedirectResponse(auth.authorise_url(ctx, pending), 303)
    give_cookie(request, answer, "signing-in", browser, seconds=int(PENDING.total_seconds()))
    return answer


@router.get("/sign-in/callback", public=True)
async def callback(ctx: Ctx, request: Request, code: str = "", state: str = "") -> RedirectResponse:
    """The browser is back with a code: begin the visit."""
    pending = await usecases.take_pending(ctx.uow, state, cookie_of(request, "signing-in"))
    granted = await auth.exchange(ctx, code, pending) if code else None
    if granted is None:
        raise usecases.SignInFailed
    old = cookie_of(request, "visit")
    if old:
        await usecases.end_visit(ctx.new_uow(), old)
    granted = replace(granted, organisations=await auth.organisations(ctx, granted))
    visit_id = await usecases.begin_visit(ctx.new_uow(), granted, safe_of(ctx))
    answer = RedirectResponse(pending.return_to, 303)
    give_cookie(request, answer, "visit", visit_id)
    return answer


@router.post("/session/extend", authenticated=True)
async def extend(request: Request) -> Response:
    """Stay signed in: how many seconds the visit lasts now; a browser without scripts goes home."""
    if wants_page(request):
        return RedirectResponse("/", 303)
    return JSONResponse({"seconds": request.state.visit.seconds_left(real_now())})


async def dismiss_banner(request: Request, ctx: Context, banner_id: UUID) -> str:
    """Put a banner away for the visit of ``request``; the page to return to."""
    await usecases.dismiss(ctx.uow, cookie_of(request, "visit"), str(banner_id), safe_of(ctx))
    return safe_return(str((await request.form()).get("return_to", "")))


@router.get("/sign-out", public=True)
@router.post("/sign-out", public=True, status=303)
async def sign_out(ctx: Ctx, request: Request) -> RedirectResponse:
    """End the visit here and the session at the authorisation server. GET is for links that are known elsewhere."""
    visit_id = cookie_of(request, "visit")
    if visit_id:
        await usecases.end_visit(ctx.uow, visit_id)
    answer = RedirectResponse(auth.sign_out_url(ctx), 303)
    take_cookie(request, answer, "visit")
    return answer


@router.get("/sign-out/success", public=True)
async def signed_out(request: Request) -> HTMLResponse:
    """Tell that the visit is over."""
    return page(request, "session/signed_out.html", title="You have been signed out", page_id="signed-out")
