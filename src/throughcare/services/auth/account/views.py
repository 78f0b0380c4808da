"""What the management façade reads of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from throughcare.kit.db import Views
from throughcare.services.auth.account.model import Account
from throughcare.services.auth.account.store import account_of, users


class AccountViews(Views):
    """Accounts of outside bodies, as other services ask for them."""

    async def external(self, user_id: UUID) -> Account | None:
        """The external account with this id, or None."""
        wanted = (users.c.user_id == user_id) & (users.c.source == "auth")
        row = await self.one_or_none(select(users).where(wanted))
        return None if row is None else account_of(row)

    async def external_with_email(self, email: str) -> Sequence[Account]:
        """The external accounts with this e-mail address, in any letter case."""
        wanted = (func.lower(users.c.email) == email.strip().lower()) & (users.c.source == "auth")
        return [account_of(row) for row in await self.all(select(users).where(wanted).order_by(users.c.username))]
