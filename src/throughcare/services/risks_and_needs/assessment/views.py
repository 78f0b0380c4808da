"""The assessments of a person."""

from __future__ import annotations

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.risks_and_needs.assessment.model import (
    Assessment,
    AssessmentNotFound,
    IdentifierTypeUnknown,
)
from throughcare.services.risks_and_needs.assessment.store import assessment, to_assessment
from throughcare.services.risks_and_needs.reference.model import Layer

IDENTIFIERS = {"crn": assessment.c.crn, "nomisid": assessment.c.noms_number}


class AssessmentViews(Views):
    """Reads of assessments."""

    async def get(self, assessment_id: int) -> Assessment:
        """The assessment with this id. Raises AssessmentNotFound."""
        row = await self.one_or_none(select(assessment).where(assessment.c.id == assessment_id))
        if row is None:
            raise AssessmentNotFound
        return to_assessment(row)

    async def of_person(self, kind: str, value: str) -> list[Assessment]:
        """The person's assessments, newest first, scores on their own left out; ``kind`` is crn or nomisId.

        Raises IdentifierTypeUnknown.
        """
        column = IDENTIFIERS.get(kind.lower())
        if column is None:
            raise IdentifierTypeUnknown
        rows = await self.all(
            select(assessment)
            .where(column == value, assessment.c.layer != str(Layer.STANDALONE))
            .order_by(assessment.c.initiated_at.desc(), assessment.c.id.desc())
        )
        return sorted(map(to_assessment, rows), key=lambda one: one.dated, reverse=True)
