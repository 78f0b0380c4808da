"""Reads of supplementary risk."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.risks_and_needs.supplementary_risk.model import (
    SOURCE,
    SupplementaryRisk,
    SupplementaryRiskNotFound,
)
from throughcare.services.risks_and_needs.supplementary_risk.store import supplementary_risk, to_risk


class SupplementaryRiskViews(Views):
    """Reads by id, and the referrals that a person has."""

    async def get(self, risk_id: UUID) -> SupplementaryRisk:
        """The supplementary risk with this id. Raises SupplementaryRiskNotFound."""
        row = await self.one_or_none(select(supplementary_risk).where(supplementary_risk.c.id == risk_id))
        if row is None:
            raise SupplementaryRiskNotFound
        return to_risk(row)

    async def referrals(self, crn: str, *, limit: int) -> list[str]:
        """The ids of the person's newest referrals."""
        rows = await self.all(
            select(supplementary_risk.c.source_id)
            .where(supplementary_risk.c.crn == crn, supplementary_risk.c.source == SOURCE)
            .order_by(supplementary_risk.c.recorded_at.desc())
            .limit(limit)
        )
        return [str(row["source_id"]) for row in rows]
