"""The needs of a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.risks_and_needs.assessment.model import Assessment, AssessmentNotFound, latest_complete
from throughcare.services.risks_and_needs.assessment.views import AssessmentViews
from throughcare.services.risks_and_needs.need.model import Need
from throughcare.services.risks_and_needs.need.store import need_section, to_need
from throughcare.services.risks_and_needs.reference.model import Layer, sections


class NeedViews(Views):
    """Reads of needs."""

    async def latest(self, crn: str, since: datetime) -> tuple[Assessment, list[Need]]:
        """The newest complete full assessment since then and its sections in order. Raises AssessmentNotFound."""
        found = await AssessmentViews(self.connection).of_person("crn", crn)
        chosen = latest_complete(found, layers=[Layer.LAYER3], since=since)
        if chosen is None:
            raise AssessmentNotFound
        rows = await self.all(select(need_section).where(need_section.c.assessment_id == chosen.id))
        order = list(sections())
        return chosen, sorted(map(to_need, rows), key=lambda one: order.index(one.section_code))
