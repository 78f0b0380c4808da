"""``/sign-in`` and ``/sign-out``: pages for people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.client.store import ClientStore
from throughcare.services.auth.pages import cookie_of, drop_cookie, page, set_cookie, waiting_for
from throughcare.services.auth.session.usecases import check_form, sign_out, visit
from throughcare.services.auth.settings import AuthSettings
from throughcare.services.auth.sign_in.model import SignInRefused, TooManySignIns, network_of, passwords
from throughcare.services.auth.sign_in.usecases import Attempt, sign_in
from throughcare.services.auth.token.routes import caller_address

router = Router(tag="Sign-in", include_in_schema=False)

EXPIRED = "The page was open for too long. Enter your username and password again"


class SignInForm(BaseModel):
    """What the sign-in page sends."""

    csrf_token: str = ""
    username: str = ""
    password: str = ""


@router.get("/sign-in", public=True, response_class=Response)
@router.get("/login", public=True, response_class=Response)
async def sign_in_page(request: Request, ctx: Ctx) -> Response:
    """The form."""
    return await _shown(request, ctx)


@router.post("/sign-in", public=True, response_class=Response)
@router.post("/login", public=True, response_class=Response)
async def submit_sign_in(request: Request, form: Annotated[SignInForm, Form()], ctx: Ctx) -> Response:
    """Signs in and returns to the request that was waiting, or shows the form again with what is wrong."""
    browser = await check_form(ctx.uow, cookie_of(request), form.csrf_token)
    if browser is None:
        return await _shown(request, ctx, status=403, errors={"username": EXPIRED})
    missing = _missing(form)
    if missing:
        return await _shown(request, ctx, status=400, errors=missing, username=form.username)
    attempt = Attempt(form.username.strip(), form.password, _limits(request, ctx))
    try:
        cookie = await sign_in(ctx.uow, passwords(ctx.runtime.topology.environment), browser, attempt)
    except (SignInRefused, TooManySignIns) as refused:
        errors = {"username": refused.message}
        shown = await _shown(request, ctx, status=refused.status, errors=errors, username=form.username)
        shown.headers.update(refused.headers)
        return shown
    topology = ctx.runtime.topology
    home = f"{topology.public_url('ui')}/"
    waiting = f"{topology.public_url('auth')}/oauth2/authorize?{browser.pending}"
    response = RedirectResponse(waiting if browser.pending else home, status_code=303)
    set_cookie(request, response, cookie)
    return response


@router.get("/sign-out", public=True, response_class=Response)
@router.get("/logout", public=True, response_class=Response)
async def sign_out_page(
    request: Request,
    ctx: Ctx,
    client_id: Annotated[str | None, Query()] = None,
    redirect_uri: Annotated[str | None, Query()] = None,
    post_logout_redirect_uri: Annotated[str | None, Query()] = None,
) -> Response:
    """Ends the sign-in and its tokens, then goes to a registered address of the client, else to sign-in."""
    await sign_out(ctx.uow, cookie_of(request))
    async with ctx.reading(ClientStore) as clients:
        client = await clients.find(client_id) if client_id else None
    back = None if client is None else client.sign_out_uri(post_logout_redirect_uri or redirect_uri)
    response = RedirectResponse(back or f"{ctx.runtime.topology.public_url('auth')}/sign-in", status_code=302)
    drop_cookie(request, response)
    return response


async def _shown(
    request: Request,
    ctx: Context,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    username: str = "",
) -> Response:
    cookie, browser = await visit(ctx.uow, cookie_of(request))
    shown = page(
        request,
        "sign_in.html",
        status=status,
        csrf_token=browser.csrf,
        errors=[(text, field) for field, text in (errors or {}).items()],
        faults=errors or {},
        username=username,
        leads_to=waiting_for(browser.pending),
    )
    if cookie != cookie_of(request):
        set_cookie(request, shown, cookie)
    return shown


def _missing(form: SignInForm) -> dict[str, str]:
    missing = {}
    if not form.username.strip():
        missing["username"] = "Enter your username"
    if not form.password:
        missing["password"] = "Enter your password"
    return missing


def _limits(request: Request, ctx: Context) -> dict[str, int]:
    settings, address = ctx.settings(AuthSettings), caller_address(request, ctx)
    return {
        ctx.secrets.derive(f"auth:sign-ins:{address}"): settings.attempts_per_address,
        ctx.secrets.derive(f"auth:sign-ins-of:{network_of(address)}"): settings.attempts_per_network,
    }
