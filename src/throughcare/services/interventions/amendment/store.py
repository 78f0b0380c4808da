"""Keeps what amendments change, in the tables of referrals."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, update

from throughcare.kit.db.database import Store
from throughcare.kit.ids import new_id
from throughcare.services.interventions.amendment.model import Amended
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.draft.model import Selection
from throughcare.services.interventions.draft.store import part_values
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import (
    SATELLITES,
    ReferralStore,
    referral_desired_outcome,
    referral_details,
    referral_service_category,
)


class AmendmentStore(Store):
    """Parts of sent referrals that may change."""

    async def save(self, before: Referral, amended: Amended, mark: Mark) -> Referral:
        """Keep the parts that differ; the referral must still be at its version. Raises StaleVersion."""
        after = amended.referral
        for table, name in SATELLITES:
            if getattr(after, name) != getattr(before, name):
                values = part_values(getattr(after, name))
                await self.run(update(table).where(table.c.referral_id == after.id).values(**values))
        await self._put_selection(after.id, before.selection, after.selection)
        if amended.details_reason is not None:
            await self._add_details(after, amended.details_reason, mark.by, mark.at)
        return await ReferralStore(self.connection).save(after)

    async def _put_selection(self, referral_id: UUID, before: Selection, after: Selection) -> None:
        chosen, wanted = referral_service_category, referral_desired_outcome
        for category, level in after.levels.items():
            if before.levels.get(category) != level:
                here = (chosen.c.referral_id == referral_id) & (chosen.c.service_category_id == category)
                await self.run(update(chosen).where(here).values(complexity_level_id=level))
        for category, outcomes in after.outcomes.items():
            if before.outcomes.get(category) != outcomes:
                here = (wanted.c.referral_id == referral_id) & (wanted.c.service_category_id == category)
                await self.run(delete(wanted).where(here))
                key = {"referral_id": referral_id, "service_category_id": category}
                await self.run(insert(wanted), [{**key, "desired_outcome_id": one} for one in sorted(outcomes)])

    async def _add_details(self, after: Referral, reason: str, by: UUID, at: datetime) -> None:
        """A new version, to which the one before leads; the version before steps aside first."""
        table, version = referral_details, new_id()
        current = (table.c.referral_id == after.id) & table.c.superseded_by_id.is_(None)
        await self.run(update(table).where(current).values(superseded_by_id=version))
        await self.run(
            insert(table).values(
                id=version, referral_id=after.id, created_at=at, created_by=by, reason_for_change=reason,
                **part_values(after.details),
            )
        )  # fmt: skip
