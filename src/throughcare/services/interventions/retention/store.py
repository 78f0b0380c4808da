"""Finds referrals that have been kept long enough, and erases them with everything that hangs on them.

What stays is the reference number with the id of the referral that it belonged to, and when that was erased: so the
number is never given to another person, and somebody who asks for the record can be told what became of it. Neither
says who it was about.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, text

from throughcare.kit.db.database import Store
from throughcare.services.interventions.referral.store import referral
from throughcare.services.interventions.retention.model import Limit

SENT = referral.c

# From the leaves to the root. What else names a referral is gone before: messages and events after days.
ERASE = (
    "delete from booking_attempt where owner_id in (select id from supplier_assessment where referral_id = :id"
    " union all select id from delivery_session where referral_id = :id)",
    "delete from appointment where referral_id = :id",
    "delete from delivery_session where referral_id = :id",
    "delete from supplier_assessment where referral_id = :id",
    "delete from action_plan_activity where action_plan_id in (select id from action_plan where referral_id = :id)",
    "delete from action_plan where referral_id = :id",
    "delete from end_of_service_report_outcome where end_of_service_report_id in"
    " (select id from end_of_service_report where referral_id = :id)",
    "delete from end_of_service_report where referral_id = :id",
    "delete from referral_message where referral_id = :id",
    "delete from changelog where referral_id = :id",
    "delete from case_note where referral_id = :id",
    "delete from referral_assignment where referral_id = :id",
    "delete from referral_desired_outcome where referral_id = :id",
    "delete from referral_service_category where referral_id = :id",
    "delete from referral_details where referral_id = :id",
    "delete from referral_service_user_data where referral_id = :id",
    "delete from probation_practitioner_details where referral_id = :id",
    "delete from referral_nomis_location where referral_id = :id",
    "delete from referral_location where referral_id = :id",
    "delete from referral_summary where referral_id = :id",
    "delete from referral where id = :id",
)
NOTE = "update referral_reference set erased_at = :at where referral_id = :id"
STATEMENTS = tuple(text(one).bindparams(bindparam("id")) for one in ERASE)


def _over(limit: Limit) -> ColumnElement[bool]:
    end = SENT.relevant_sentence_end_date
    return (SENT.concluded_at <= limit.moment) & or_(end.is_(None), end <= limit.day)


class RetentionStore(Store):
    """Referrals that have been kept long enough."""

    async def count_over(self, limit: Limit) -> int:
        """How many there are."""
        return await self.count(select(func.count()).select_from(referral).where(_over(limit)))

    async def after(self, last: UUID | None, most: int, limit: Limit) -> list[UUID]:
        """The next of them by id."""
        statement = select(SENT.id).where(_over(limit)).order_by(SENT.id).limit(most)
        return [row["id"] for row in await self.all(statement if last is None else statement.where(SENT.id > last))]

    async def lock(self, referral_id: UUID, limit: Limit) -> bool:
        """Whether the referral is one of them; nobody else changes it until this transaction ends."""
        mine = select(SENT.id).where(SENT.id == referral_id, _over(limit)).with_for_update()
        return await self.scalar(mine) is not None

    async def erase(self, referral_id: UUID, at: datetime) -> None:
        """Delete a referral and everything that hangs on it."""
        for statement in STATEMENTS:
            await self.connection.execute(statement, {"id": referral_id})
        await self.connection.execute(text(NOTE), {"id": referral_id, "at": at})
