"""Recording an assessment, where no assessment system does it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.risks_and_needs.assessment.model import AssessmentExists, CompletedInFuture
from throughcare.services.risks_and_needs.assessment.schemas import TimelineEntry
from throughcare.services.risks_and_needs.need.model import SectionUnknown
from throughcare.services.risks_and_needs.predictor.model import PredictorTwice
from throughcare.services.risks_and_needs.reference.model import ASSESSMENTS_WRITE, CRN_PATTERN
from throughcare.services.risks_and_needs.rosh.model import GroupNotInSetting
from throughcare.services.risks_and_needs.summary import usecases
from throughcare.services.risks_and_needs.summary.model import Findings
from throughcare.services.risks_and_needs.summary.schemas import AssessmentBody

router = Router(prefix="/assessments", tag="Assessments")


@router.put(
    "/crn/{crn}", roles=[ASSESSMENTS_WRITE],
    errors=[CompletedInFuture, GroupNotInSetting, PredictorTwice, SectionUnknown, AssessmentExists],
)  # fmt: skip
async def record_assessment(
    crn: Annotated[str, Path(pattern=CRN_PATTERN)], body: AssessmentBody, ctx: Ctx
) -> TimelineEntry:
    """Record an assessment with its levels, scores and needs."""
    found = Findings(
        assessment=body.assessment(crn, ctx.now), rosh=body.rosh.rosh(),
        predictors=tuple(one.predictor() for one in body.predictors), needs=body.all_needs(),
    )  # fmt: skip
    return TimelineEntry.of(await usecases.record_assessment(ctx.uow, found))
