"""The risk of serious harm of a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.risks_and_needs.assessment.model import SHOWN, latest_complete
from throughcare.services.risks_and_needs.assessment.views import AssessmentViews
from throughcare.services.risks_and_needs.rosh.model import AssessedRosh
from throughcare.services.risks_and_needs.rosh.store import rosh, to_rosh


class RoshViews(Views):
    """Reads of risk of serious harm."""

    async def latest(self, crn: str, since: datetime) -> AssessedRosh | None:
        """What the newest complete assessment since then found, or None."""
        found = await AssessmentViews(self.connection).of_person("crn", crn)
        chosen = latest_complete(found, layers=SHOWN, since=since)
        if chosen is None:
            return None
        row = await self.one_or_none(select(rosh).where(rosh.c.assessment_id == chosen.id))
        return AssessedRosh(to_rosh(row), chosen.dated) if row else None
