"""Needs of a person. For practitioners the case record is asked first."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.risks_and_needs.access.model import CaseLimited, CaseNotFound, UserNeeded
from throughcare.services.risks_and_needs.admission.routes import Admitted
from throughcare.services.risks_and_needs.assessment.model import AssessmentNotFound, earliest
from throughcare.services.risks_and_needs.assessment.schemas import Weeks
from throughcare.services.risks_and_needs.need.schemas import Needs
from throughcare.services.risks_and_needs.need.views import NeedViews
from throughcare.services.risks_and_needs.reference.model import (
    DEFAULT_WEEKS,
    INTEGRATIONS,
    OFFENDER_RISK,
    PROBATION,
    RISKS_READ,
    SENTENCE_PLAN,
)

router = Router(prefix="/needs", tag="Needs")

READERS = [PROBATION, INTEGRATIONS, OFFENDER_RISK]
REFUSALS = [AssessmentNotFound, CaseNotFound, CaseLimited, UserNeeded]


@router.get("/crn/{crn}", roles=READERS, errors=REFUSALS)
async def get_needs(crn: str, ctx: Ctx, _audience: Admitted) -> Needs:
    """The needs in the newest full assessment of the last 55 weeks."""
    return await _latest(crn, DEFAULT_WEEKS, ctx)


@router.get("/crn/{crn}/{weeks}", roles=READERS, errors=REFUSALS)
async def get_needs_of(crn: str, weeks: Weeks, ctx: Ctx, _audience: Admitted) -> Needs:
    """The needs in the newest full assessment of so many weeks."""
    return await _latest(crn, weeks, ctx)


@router.get("/{crn}", roles=[RISKS_READ, SENTENCE_PLAN], errors=[AssessmentNotFound])
async def get_needs_for_system(crn: str, ctx: Ctx) -> Needs:
    """The same for systems, which answer for their own users."""
    return await _latest(crn, DEFAULT_WEEKS, ctx)


async def _latest(crn: str, weeks: int, ctx: Ctx) -> Needs:
    async with ctx.reading(NeedViews) as views:
        assessment, needs = await views.latest(crn, earliest(ctx.now, weeks))
    return Needs.of(assessment, needs)
