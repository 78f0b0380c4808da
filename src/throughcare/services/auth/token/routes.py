"""``/oauth2/token``, where grants become tokens, under both of the paths that clients know."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request, Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.assertion.model import TYPE
from throughcare.services.auth.assertion.usecases import authenticate_by_key
from throughcare.services.auth.client.model import (
    AccessDenied,
    Client,
    InvalidClient,
    InvalidRequest,
    UnsupportedGrantType,
)
from throughcare.services.auth.client.schemas import Credentials
from throughcare.services.auth.client.store import ClientStore
from throughcare.services.auth.client.usecases import authenticate_client
from throughcare.services.auth.key.model import PURPOSE
from throughcare.services.auth.settings import AuthSettings
from throughcare.services.auth.token import usecases
from throughcare.services.auth.token.model import Issuing, TokenSet
from throughcare.services.auth.token.schemas import ClientForm, TokenForm, TokenResponse

router = Router(tag="Tokens")

FORM = "application/x-www-form-urlencoded"


@router.post("/oauth2/token", public=True, errors=[InvalidClient, AccessDenied], response_model_exclude_none=True)
@router.post("/oauth/token", public=True, errors=[InvalidClient, AccessDenied], response_model_exclude_none=True)
async def token(request: Request, response: Response, form: Annotated[TokenForm, Form()], ctx: Ctx) -> TokenResponse:
    """Tokens for an authorisation code, a refresh token, or the client itself."""
    await check_form(request)
    client = await calling_client(request, form, ctx)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return TokenResponse.of(await _grant(form, client, ctx))


async def _grant(form: TokenForm, client: Client, ctx: Context) -> TokenSet:
    issuing = Issuing(ctx.runtime.topology.issuer, ctx.secrets.derive(PURPOSE))
    match _needed(form.grant_type, "grant_type"):
        case "client_credentials" as grant:
            client.check_grant(grant)
            return await usecases.issue_client_token(
                ctx.uow, issuing, client, scope=form.scope, resources=form.resource,
                username=form.username, auth_source=form.auth_source,
            )  # fmt: skip
        case "authorization_code" as grant:
            client.check_grant(grant)
            return await usecases.exchange_code(
                ctx.uow, issuing, client, code=_needed(form.code, "code"), resources=form.resource,
                redirect_uri=_needed(form.redirect_uri, "redirect_uri"),
                verifier=_needed(form.code_verifier, "code_verifier"),
            )  # fmt: skip
        case "refresh_token" as grant:
            client.check_grant(grant)
            return await usecases.refresh_tokens(
                ctx.uow, issuing, client, refresh_token=_needed(form.refresh_token, "refresh_token"),
                scope=form.scope, resources=form.resource,
            )  # fmt: skip
    raise UnsupportedGrantType("this grant is not offered")


async def check_form(request: Request) -> None:
    """Raises InvalidRequest unless the body is a form that gives each parameter but ``resource`` once."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise InvalidRequest(f"the body must be {FORM}")
    names = [name for name, _ in (await request.form()).multi_items() if name != "resource"]
    if len(names) != len(set(names)):
        raise InvalidRequest("a parameter is given twice")


async def calling_client(request: Request, form: ClientForm, ctx: Context) -> Client:
    """The client that calls: by Basic authentication, by the form, or by its key.

    Raises InvalidRequest, InvalidClient, AccessDenied.
    """
    authorization, address = request.headers.getlist("authorization"), caller_address(request, ctx)
    if form.client_assertion is not None or form.client_assertion_type is not None:
        if authorization or form.client_secret is not None:
            raise InvalidRequest("the client authenticates in two ways at once")
        return await _by_key(form, ctx, address)
    given = Credentials.of(authorization, form.client_id, form.client_secret)
    async with ctx.reading(ClientStore) as store:
        return await authenticate_client(store, given, ctx.now, address)


async def _by_key(form: ClientForm, ctx: Context, address: str) -> Client:
    if form.client_assertion_type != TYPE or not form.client_assertion:
        raise InvalidClient
    topology = ctx.runtime.topology
    audiences = {topology.issuer, f"{topology.public_url('auth')}/oauth2/token"}
    client = await authenticate_by_key(ctx.uow, form.client_assertion, audiences, address)
    if form.client_id not in {None, client.client_id}:
        raise InvalidClient
    return client


def caller_address(request: Request, ctx: Context) -> str:
    """The address that calls; a header about it is believed from a configured proxy alone."""
    peer = request.client.host if request.client else ""
    return ctx.settings(AuthSettings).address_of(peer, ",".join(request.headers.getlist("x-forwarded-for")))


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise InvalidRequest(f"{name} is needed")
    return value
