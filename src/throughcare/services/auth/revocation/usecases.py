"""Ending what was issued. Whoever remembered it is told by an event."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import NotFound
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.client.store import ClientStore
from throughcare.services.auth.session.events import Reason, SessionRevoked
from throughcare.services.auth.session.store import NotBeforeStore, SessionStore
from throughcare.services.auth.session.usecases import count_ended, revoke_session
from throughcare.services.auth.token.store import IssuedTokenStore


class NothingToRevoke(NotFound):
    """There is no such account or client (404)."""

    code = "NOTHING_TO_REVOKE"
    title = "There is no such account or client"


async def revoke_by_id(uow: UnitOfWork, auth_jwt_id: str, *, by: str) -> None:
    """End the sign-in with this id, or the client token with this ``jti``; the unknown are over already."""
    async with uow:
        session_id = _uuid(auth_jwt_id)
        if session_id is not None:
            await revoke_session(uow, session_id, reason="revoked", by=by)
            return
        store = uow.store(IssuedTokenStore)
        token = await store.find(auth_jwt_id, lock=True)
        if token is not None and token.kind == "access" and token.family.session_id is None:
            await store.revoke(auth_jwt_id, uow.now)


async def revoke_account_sessions(uow: UnitOfWork, account_id: UUID, *, note: str, by: str) -> int:
    """End every sign-in and token of the account; how many sign-ins. Raises NothingToRevoke."""
    async with uow:
        if await uow.store(AccountStore).find(account_id) is None:
            raise NothingToRevoke
        return await revoke_account(uow, account_id, reason="revoked", note=note, by=by)


async def revoke_client_tokens(uow: UnitOfWork, client_id: str) -> int:
    """End every token that was issued to the client; how many were alive. Raises NothingToRevoke."""
    async with uow:
        if await uow.store(ClientStore).find(client_id) is None:
            raise NothingToRevoke
        return await revoke_tokens_of(uow, client_id)


async def revoke_tokens_of(uow: UnitOfWork, client_id: str) -> int:
    """Inside a transaction: end every token that was issued to the client; how many were alive."""
    tokens = uow.store(IssuedTokenStore)
    alive = await tokens.count_live(client_id, uow.now)
    await tokens.revoke_of_client(client_id, uow.now)
    await uow.store(NotBeforeStore).put("client", client_id, uow.now)
    uow.publish(SessionRevoked(revoked=client_id, client_id=client_id, not_before=uow.now, reason="revoked"))
    return alive


async def revoke_account(uow: UnitOfWork, account_id: UUID, *, reason: Reason, note: str, by: str) -> int:
    """Inside a transaction: end every sign-in and token of the account; how many sign-ins."""
    sessions, now = uow.store(SessionStore), real_now()
    ended = 0
    for session in await sessions.alive_of(account_id, now):
        ended += await sessions.revoke(session.id, now, reason=note, by=by)
    await uow.store(IssuedTokenStore).revoke_of_account(account_id, uow.now)
    await uow.store(NotBeforeStore).put("account", str(account_id), uow.now)
    uow.publish(SessionRevoked(revoked=str(account_id), account_id=account_id, not_before=uow.now, reason=reason))
    count_ended(uow, reason, ended)
    return ended


def _uuid(text: str) -> UUID | None:
    """The UUID, if ``text`` is one as we write it: no other spelling names a sign-in."""
    try:
        parsed = UUID(text)
    except ValueError:
        return None
    return parsed if str(parsed) == text else None
