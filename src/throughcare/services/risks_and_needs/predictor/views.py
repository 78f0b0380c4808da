"""The predictors of a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.risks_and_needs.assessment.model import SHOWN, Assessment, AssessmentNotFound
from throughcare.services.risks_and_needs.assessment.views import AssessmentViews
from throughcare.services.risks_and_needs.predictor.model import PredictorSet
from throughcare.services.risks_and_needs.predictor.store import predictor, to_predictor


class PredictorViews(Views):
    """Reads of predictors."""

    async def of_person(self, kind: str, value: str) -> list[PredictorSet]:
        """The sets of a person's full and basic assessments, newest first. Raises IdentifierTypeUnknown."""
        found = await AssessmentViews(self.connection).of_person(kind, value)
        return await self._sets([one for one in found if one.layer in SHOWN])

    async def of_assessment(self, assessment_id: int) -> PredictorSet:
        """The set of one assessment. Raises AssessmentNotFound, also when it has no predictors."""
        sets = await self._sets([await AssessmentViews(self.connection).get(assessment_id)])
        if not sets:
            raise AssessmentNotFound
        return sets[0]

    async def _sets(self, assessments: Sequence[Assessment]) -> list[PredictorSet]:
        ids = [one.id for one in assessments]
        rows = await self.all(select(predictor).where(predictor.c.assessment_id.in_(ids)))
        by_id = {one: [to_predictor(row) for row in rows if row["assessment_id"] == one] for one in ids}
        return [PredictorSet(one, by_id[one.id]) for one in assessments if by_id[one.id]]
