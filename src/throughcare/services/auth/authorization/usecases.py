"""Giving out codes."""

from __future__ import annotations

from throughcare.kit.db import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.authorization.model import CODE_LIFE, AuthorizationCode, AuthorizationRequest
from throughcare.services.auth.authorization.store import CodeStore
from throughcare.services.auth.session.model import hash_of, new_secret
from throughcare.services.auth.session.usecases import use_session


async def authorize(uow: UnitOfWork, request: AuthorizationRequest, cookie: str | None) -> str | None:
    """A code for the person who is signed in in this browser; None when nobody is, or no longer may be."""
    async with uow:
        session = await use_session(uow, cookie)
        account = None if session is None else await uow.store(AccountStore).find(session.account_id)
        if session is None or account is None or not account.enabled:
            return None
        code = new_secret()
        await uow.store(CodeStore).add(
            AuthorizationCode(
                code_hash=hash_of(code),
                client_id=request.client_id,
                redirect_uri=request.redirect_uri,
                code_challenge=request.code_challenge,
                session_id=session.id,
                account_id=account.user_id,
                scopes=request.scopes,
                audiences=request.audiences,
                nonce=request.nonce,
                family_id=new_id(),
                expires_at=uow.now + CODE_LIFE,
            )
        )
    return code
