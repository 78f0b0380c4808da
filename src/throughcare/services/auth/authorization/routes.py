"""``/oauth2/authorize``, under both of the paths that clients know."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.authorization.model import (
    AuthorizationRequest,
    UnknownDestination,
    answered,
    destination,
    one,
)
from throughcare.services.auth.authorization.usecases import authorize
from throughcare.services.auth.client.model import OAuthError
from throughcare.services.auth.client.store import ClientStore
from throughcare.services.auth.pages import cookie_of, page, set_cookie
from throughcare.services.auth.session.usecases import visit

router = Router(tag="Authorisation")


@router.get("/oauth2/authorize", public=True, response_class=Response)
@router.get("/oauth/authorize", public=True, response_class=Response)
async def authorization(request: Request, ctx: Ctx) -> Response:
    """Sends the browser back to the client with a code or a refusal, or to sign in first.

    Where the client is unknown or the address is not its own, nobody is sent anywhere: a page says so.
    """
    parameters = parse_qs(request.url.query, keep_blank_values=True)
    async with ctx.reading(ClientStore) as clients:
        client = await clients.find(one(parameters, "client_id") or "")
    try:
        redirect_uri = destination(client, parameters)
    except UnknownDestination as refused:
        return page(request, "unknown_destination.html", status=refused.status)
    assert client is not None
    answer = {"state": one(parameters, "state"), "iss": ctx.runtime.topology.issuer}
    try:
        asked = AuthorizationRequest.of(client, redirect_uri, parameters, ctx.now)
    except OAuthError as refused:
        told = {"error": refused.error, "error_description": refused.message}
        return RedirectResponse(answered(redirect_uri, told | answer), status_code=302)
    code = await authorize(ctx.uow, asked, cookie_of(request))
    if code is not None:
        return RedirectResponse(answered(redirect_uri, {"code": code} | answer), status_code=302)
    cookie, _ = await visit(ctx.uow, cookie_of(request), request.url.query)
    response = RedirectResponse(f"{ctx.runtime.topology.public_url('auth')}/sign-in", status_code=302)
    set_cookie(request, response, cookie)
    return response
