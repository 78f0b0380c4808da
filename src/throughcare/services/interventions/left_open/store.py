"""Finds referrals whose end was asked for and that were left open."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from throughcare.kit.db.database import Store
from throughcare.services.interventions.referral.store import referral

SENT = referral.c


class LeftOpenStore(Store):
    """Referrals that were left open."""

    async def after(self, last: UUID | None, limit: int) -> list[UUID]:
        """The next referrals by id whose end was asked for and that are not concluded."""
        left = select(SENT.id).where(SENT.end_requested_at.is_not(None), SENT.concluded_at.is_(None))
        statement = left.order_by(SENT.id).limit(limit)
        return [row["id"] for row in await self.all(statement if last is None else statement.where(SENT.id > last))]
