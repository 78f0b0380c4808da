"""The authorisation server, as the pages' code client sees it."""

from __future__ import annotations

from datetime import timedelta

import httpx2

from throughcare.kit.auth.claims import TokenRefused
from throughcare.kit.auth.principal import Principal
from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError, Unavailable
from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.session.model import PendingSignIn, Tokens, Visit
from throughcare.ui.session.usecases import Granted

CLIENT = "throughcare-ui"
PROVIDER_GROUP = "INT_SP_"


class Group(Wire):
    """A group that a user is in."""

    group_code: str
    group_name: str


class Groups(Peer, service="auth", timeout=2.0):
    """The groups of whoever asks."""

    async def mine(self) -> list[Group]:
        """Their groups."""
        return await self.get("/users/me/groups", list[Group])


def authorise_url(ctx: Context, pending: PendingSignIn) -> str:
    """Where the browser goes to sign in."""
    query = httpx2.QueryParams(
        response_type="code", client_id=CLIENT, redirect_uri=redirect_uri(ctx), state=pending.state,
        code_challenge=pending.challenge, code_challenge_method="S256",
    )  # fmt: skip
    return f"{ctx.runtime.topology.public_url('auth')}/oauth2/authorize?{query}"


def sign_out_url(ctx: Context) -> str:
    """Where the browser goes to end the session at the authorisation server."""
    signed_out = f"{ctx.runtime.topology.public_url('ui')}/sign-out/success"
    query = httpx2.QueryParams(client_id=CLIENT, redirect_uri=signed_out)
    return f"{ctx.runtime.topology.public_url('auth')}/sign-out?{query}"


def redirect_uri(ctx: Context) -> str:
    """The callback that is registered for the pages."""
    return f"{ctx.runtime.topology.public_url('ui')}/sign-in/callback"


async def exchange(ctx: Context, code: str, pending: PendingSignIn) -> Granted | None:
    """The tokens for a code; None when it is refused. Raises Unavailable."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(ctx),
        "code_verifier": pending.verifier,
    }
    return await _granted(ctx, form)


async def is_accepted(ctx: Context, token: str) -> bool:
    """Whether services accept an access token at this moment."""
    try:
        await ctx.runtime.verifier.verify([f"Bearer {token}"])
    except TokenRefused:
        return False
    return True


async def refresh(ctx: Context, token: str) -> Granted | None:
    """New tokens for a refresh token; None when it is refused. Raises Unavailable."""
    return await _granted(ctx, {"grant_type": "refresh_token", "refresh_token": token})


async def _granted(ctx: Context, form: dict[str, str]) -> Granted | None:
    secret = ctx.runtime.topology.client_secret(CLIENT)
    try:
        reply = await ctx.runtime.gateway.client("auth").post(
            "/oauth2/token", data=form, auth=(CLIENT, secret), timeout=5
        )
    except httpx2.TransportError:
        raise Unavailable("sign-in is not available; try again later") from None
    if reply.status_code >= 500:
        raise Unavailable("sign-in is not available; try again later")
    if reply.status_code != 200:
        return None
    body = reply.json()
    try:
        principal = await ctx.runtime.verifier.verify([f"Bearer {body['access_token']}"])
    except TokenRefused:
        return None
    tokens = Tokens(body["access_token"], body["refresh_token"])
    return Granted(tokens, timedelta(seconds=body["expires_in"]), principal)


async def organisations(ctx: Context, granted: Granted) -> tuple[str, ...]:
    """The names of the providers that somebody works for; none where nobody can tell just now."""
    groups = await _groups(ctx, granted.principal)
    return tuple(sorted(one.group_name for one in groups or () if one.group_code.startswith(PROVIDER_GROUP)))


async def groups_of(ctx: Context, visit: Visit) -> list[str] | None:
    """The codes of the groups that a visitor is in; None where nobody can tell just now."""
    groups = await _groups(ctx, visit.principal)
    return None if groups is None else sorted(one.group_code for one in groups)


async def _groups(ctx: Context, who: Principal) -> list[Group] | None:
    if who.auth_source != "auth":
        return []
    try:
        return await ctx.runtime.gateway.peer(Groups, who).mine()
    except ServiceError:
        return None
