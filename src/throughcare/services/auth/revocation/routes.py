"""Ending sign-ins: one's own, and for administrators anybody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import Query, Request

from throughcare.kit.context import Context
from throughcare.kit.errors import BadRequest, Forbidden
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.auth.introspection.usecases import require_live
from throughcare.services.auth.revocation.schemas import Revoked, RevokeReason, SignIn
from throughcare.services.auth.revocation.usecases import (
    NothingToRevoke,
    revoke_account_sessions,
    revoke_by_id,
    revoke_client_tokens,
)
from throughcare.services.auth.session.usecases import SessionNotFound, end_own_session, live_sessions

router = Router(tag="Sign-ins")


class OneOfBoth(BadRequest):
    """Exactly one of the two parameters is needed (400)."""

    code = "ACCOUNT_OR_CLIENT"
    title = "Give either accountId or clientId"


class NotSignedIn(Forbidden):
    """The token is a machine client's (403)."""

    code = "NOT_A_USER"
    title = "This is for signed-in users"


@router.delete("/token", roles=["ROLE_AUTH_TOKEN_VERIFICATION"], status=204)
async def delete_tokens(
    request: Request, ctx: Ctx, _id: Annotated[str, Query(alias="authJwtId", min_length=1)]
) -> None:
    """Ends a sign-in with all its tokens, or one client token by its own id; the same when repeated."""
    await require_live(ctx)
    await revoke_by_id(ctx.uow, _exactly(request, "authJwtId"), by=ctx.user.principal_name)


@router.delete("/sessions", roles=["ROLE_SESSION_ADMIN"], errors=[OneOfBoth, NothingToRevoke])
async def delete_sessions(
    body: RevokeReason,
    ctx: Ctx,
    account_id: Annotated[UUID | None, Query(alias="accountId")] = None,
    client_id: Annotated[str | None, Query(alias="clientId")] = None,
) -> Revoked:
    """Ends every sign-in and token of an account, or every token of a client, issued until now."""
    await require_live(ctx)
    if account_id is not None and client_id is None:
        by = ctx.user.principal_name
        return Revoked(revoked=await revoke_account_sessions(ctx.uow, account_id, note=body.reason, by=by))
    if client_id is not None and account_id is None:
        return Revoked(revoked=await revoke_client_tokens(ctx.uow, client_id))
    raise OneOfBoth


@router.get("/sessions/me", authenticated=True, errors=[NotSignedIn])
async def my_sessions(ctx: Ctx) -> Sequence[SignIn]:
    """Where the caller is signed in, newest first."""
    account_id, session_id = await _me(ctx)
    return [SignIn.of(session, session_id) for session in await live_sessions(ctx.uow, account_id)]


@router.delete("/sessions/me/{session_id}", authenticated=True, status=204, errors=[NotSignedIn, SessionNotFound])
async def delete_my_session(session_id: UUID, ctx: Ctx) -> None:
    """Signs the caller out in one place, with all tokens of that sign-in."""
    account_id, _ = await _me(ctx)
    await end_own_session(ctx.uow, account_id, session_id, by=ctx.user.principal_name)


async def _me(ctx: Context) -> tuple[UUID, UUID | None]:
    family = (await require_live(ctx)).token.family
    if family.account_id is None or family.session_id is None:
        raise NotSignedIn
    return family.account_id, family.session_id


def _exactly(request: Request, name: str) -> str:
    """The parameter with its percent-encoding undone and nothing else: a plus stays a plus."""
    for pair in request.url.query.split("&"):
        key, _, value = pair.partition("=")
        if unquote(key) == name:
            return unquote(value)
    return ""
