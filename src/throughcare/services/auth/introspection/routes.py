"""``/token/verify``, ``/oauth2/introspect``, ``/oauth2/revoke`` and ``/oauth2/userinfo``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request, Response

from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.client.model import AccessDenied, InvalidClient, InvalidRequest
from throughcare.services.auth.introspection.model import NotAToken
from throughcare.services.auth.introspection.schemas import Activity, Introspection, UserInfo
from throughcare.services.auth.introspection.usecases import (
    introspect,
    is_active,
    require_live,
    revoke_token,
)
from throughcare.services.auth.token.routes import calling_client, check_form
from throughcare.services.auth.token.schemas import HeldTokenForm

router = Router(tag="Token verification")


class NotSignedIn(Forbidden):
    """The token is a machine client's (403)."""

    code = "NOT_A_USER"
    title = "This is for signed-in users"


@router.post("/token/verify", authenticated=True, errors=[NotAToken])
async def verify(request: Request, ctx: Ctx) -> Activity:
    """Whether the token in the body, as plain text, is alive; the caller's own when the body is empty."""
    posted = (await request.body()).decode("latin-1").strip()
    return Activity(active=await is_active(ctx, posted or ctx.user.token))


@router.post("/oauth2/introspect", public=True, errors=[InvalidClient, AccessDenied], response_model_exclude_none=True)
async def introspect_token(request: Request, form: Annotated[HeldTokenForm, Form()], ctx: Ctx) -> Introspection:
    """What is known of a token, for a client with the permission to ask (RFC 7662)."""
    await check_form(request)
    client = await calling_client(request, form, ctx)
    known = await introspect(ctx, client, _token(form))
    if known is None:
        return Introspection(active=False)
    return Introspection.of(*known, ctx.runtime.topology.issuer)


@router.post("/oauth2/revoke", public=True, errors=[InvalidClient, AccessDenied], response_class=Response)
async def revoke(request: Request, form: Annotated[HeldTokenForm, Form()], ctx: Ctx) -> Response:
    """Takes a token of the calling client back (RFC 7009); 200 whether or not there was anything to take."""
    await check_form(request)
    client = await calling_client(request, form, ctx)
    await revoke_token(ctx, client, _token(form))
    return Response(status_code=200)


@router.get("/oauth2/userinfo", authenticated=True, errors=[NotSignedIn], response_model_exclude_none=True)
@router.post("/oauth2/userinfo", authenticated=True, errors=[NotSignedIn], response_model_exclude_none=True)
async def userinfo(ctx: Ctx) -> UserInfo:
    """The signed-in user behind a live token (OpenID Connect Core §5.3)."""
    return await _user(ctx)


async def _user(ctx: Context) -> UserInfo:
    family = (await require_live(ctx)).token.family
    if family.account_id is None or family.session_id is None:
        raise NotSignedIn
    async with ctx.reading(AccountStore) as accounts:
        account = await accounts.find(family.account_id)
    if account is None:
        raise NotSignedIn
    return UserInfo.of(account)


def _token(form: HeldTokenForm) -> str:
    if not form.token:
        raise InvalidRequest("token is needed")
    return form.token
