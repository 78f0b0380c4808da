"""The timeline of a person's assessments."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.risks_and_needs.access.model import CaseLimited, UserNeeded
from throughcare.services.risks_and_needs.access.usecases import check_reader
from throughcare.services.risks_and_needs.assessment.model import AssessmentNotFound, IdentifierTypeUnknown
from throughcare.services.risks_and_needs.assessment.schemas import AssessmentId, Timeline, TimelineEntry
from throughcare.services.risks_and_needs.assessment.views import AssessmentViews
from throughcare.services.risks_and_needs.reference.model import OFFENDER_RISK, PROBATION, RISKS_READ

router = Router(prefix="/assessments", tag="Assessments")


@router.get(
    "/timeline/{kind}/{value}", roles=[PROBATION, OFFENDER_RISK],
    errors=[AssessmentNotFound, IdentifierTypeUnknown, CaseLimited, UserNeeded],
)  # fmt: skip
async def get_timeline(kind: str, value: str, ctx: Ctx) -> Timeline:
    """Every assessment of a person, by ``crn`` or ``nomisId``. For practitioners the case record is asked first."""
    async with ctx.reading(AssessmentViews) as views:
        found = await views.of_person(kind, value)
    if not found:
        raise AssessmentNotFound
    for crn in sorted({one.crn for one in found}):
        await check_reader(ctx, crn)
    return Timeline(timeline=[TimelineEntry.of(one) for one in found])


@router.get("/id/{assessment_id}/summary/{status}", roles=[RISKS_READ], errors=[AssessmentNotFound])
async def get_assessment_summary(assessment_id: AssessmentId, status: str, ctx: Ctx) -> TimelineEntry:
    """The assessment that an event told of, while it has the status that the event named."""
    async with ctx.reading(AssessmentViews) as views:
        found = await views.get(assessment_id)
    if found.status != status:
        raise AssessmentNotFound
    return TimelineEntry.of(found)
