"""Shutting and opening the accounts of outside bodies."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import Forbidden, NotFound
from throughcare.services.auth.account.model import Account
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.external_user.events import UserDisabled, UserEnabled
from throughcare.services.auth.revocation.usecases import revoke_account


class ExternalUserNotFound(NotFound):
    """There is no such external user, or the caller may not know of them (404)."""

    code = "USER_NOT_FOUND"
    title = "There is no such user"


class CannotDisableSelf(Forbidden):
    """Nobody shuts their own account (403)."""

    code = "CANNOT_DISABLE_SELF"
    title = "You cannot disable your own account"


async def disable_user(uow: UnitOfWork, user_id: UUID, *, reason: str, by: UUID | None, by_name: str) -> None:
    """Shut the account and end its sign-ins. Raises CannotDisableSelf, ExternalUserNotFound."""
    if user_id == by:
        raise CannotDisableSelf
    async with uow:
        account = await _external(uow, user_id)
        await uow.store(AccountStore).save_enabled(user_id, enabled=False, reason=reason)
        if account.enabled:
            await revoke_account(uow, user_id, reason="account disabled", note="account disabled", by=by_name)
            uow.publish(UserDisabled(user_id=user_id, auth_source=account.source))


async def enable_user(uow: UnitOfWork, user_id: UUID) -> None:
    """Open the account again; what ended when it was shut stays ended. Raises ExternalUserNotFound."""
    async with uow:
        account = await _external(uow, user_id)
        await uow.store(AccountStore).save_enabled(user_id, enabled=True, reason=None)
        if not account.enabled:
            uow.publish(UserEnabled(user_id=user_id, auth_source=account.source))


async def _external(uow: UnitOfWork, user_id: UUID) -> Account:
    account = await uow.store(AccountStore).find(user_id, lock=True)
    if account is None or account.source != "auth":
        raise ExternalUserNotFound
    return account
