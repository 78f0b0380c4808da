"""Risk of serious harm, whole and in short. Without an assessment in time the answer is empty."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.risks_and_needs.access.model import (
    Audience,
    CaseLimited,
    CaseNotFound,
    NoReferral,
    UserNeeded,
)
from throughcare.services.risks_and_needs.admission.routes import Admitted
from throughcare.services.risks_and_needs.assessment.model import earliest
from throughcare.services.risks_and_needs.assessment.schemas import Weeks
from throughcare.services.risks_and_needs.reference.model import (
    CATEGORISATION,
    CRS_PROVIDER,
    DEFAULT_WEEKS,
    INTEGRATIONS,
    OFFENDER_RISK,
    PROBATION,
    PROGRAMMES,
    RESETTLEMENT,
    RISKS_READ,
    SUPERVISION,
)
from throughcare.services.risks_and_needs.rosh.model import AssessedRosh
from throughcare.services.risks_and_needs.rosh.schemas import AllRosh, RiskWidget, RoshSummary
from throughcare.services.risks_and_needs.rosh.views import RoshViews

router = Router(prefix="/risks", tag="Risk of serious harm")

SUMMARY = [PROBATION, CRS_PROVIDER, PROGRAMMES, CATEGORISATION, RISKS_READ, SUPERVISION]
WHOLE = [PROBATION, CRS_PROVIDER, OFFENDER_RISK, RESETTLEMENT, INTEGRATIONS]
WIDGET = [PROBATION, CRS_PROVIDER, SUPERVISION]
REFUSALS = [CaseNotFound, CaseLimited, UserNeeded, NoReferral]


@router.get("/crn/{crn}/summary", roles=SUMMARY, errors=REFUSALS, response_model_exclude_none=True)
async def get_summary(crn: str, ctx: Ctx, audience: Admitted) -> RoshSummary:
    """The summary of the newest assessment of the last 55 weeks."""
    return RoshSummary.of(await _latest(crn, DEFAULT_WEEKS, ctx), audience)


@router.get("/crn/{crn}/summary/{weeks}", roles=SUMMARY, errors=REFUSALS, response_model_exclude_none=True)
async def get_summary_of(crn: str, weeks: Weeks, ctx: Ctx, audience: Admitted) -> RoshSummary:
    """The summary of the newest assessment of so many weeks."""
    return RoshSummary.of(await _latest(crn, weeks, ctx), audience)


@router.get("/crn/{crn}/widget", roles=WIDGET, errors=REFUSALS, response_model_exclude_none=True)
async def get_widget(crn: str, ctx: Ctx, audience: Admitted) -> RiskWidget:
    """The levels of the newest assessment of the last 55 weeks."""
    return RiskWidget.of(await _latest(crn, DEFAULT_WEEKS, ctx), audience)


@router.get("/crn/{crn}/widget/{weeks}", roles=WIDGET, errors=REFUSALS, response_model_exclude_none=True)
async def get_widget_of(crn: str, weeks: Weeks, ctx: Ctx, audience: Admitted) -> RiskWidget:
    """The levels of the newest assessment of so many weeks."""
    return RiskWidget.of(await _latest(crn, weeks, ctx), audience)


@router.get("/crn/{crn}", roles=WHOLE, errors=REFUSALS, response_model_exclude_none=True)
async def get_rosh(crn: str, ctx: Ctx, audience: Admitted) -> AllRosh:
    """Everything about serious harm in the newest assessment of the last 55 weeks."""
    return AllRosh.of(await _latest(crn, DEFAULT_WEEKS, ctx), audience)


@router.get("/crn/{crn}/{weeks}", roles=WHOLE, errors=REFUSALS, response_model_exclude_none=True)
async def get_rosh_of(crn: str, weeks: Weeks, ctx: Ctx, audience: Admitted) -> AllRosh:
    """Everything about serious harm in the newest assessment of so many weeks."""
    return AllRosh.of(await _latest(crn, weeks, ctx), audience)


@router.get("/rosh/{crn}", roles=[RISKS_READ], response_model_exclude_none=True)
async def get_rosh_for_system(crn: str, ctx: Ctx) -> AllRosh:
    """The same for systems, which answer for their own users."""
    return AllRosh.of(await _latest(crn, DEFAULT_WEEKS, ctx), Audience.SYSTEM)


@router.get("/rosh/{crn}/{weeks}", roles=[RISKS_READ], response_model_exclude_none=True)
async def get_rosh_for_system_of(crn: str, weeks: Weeks, ctx: Ctx) -> AllRosh:
    """The same for systems, of so many weeks."""
    return AllRosh.of(await _latest(crn, weeks, ctx), Audience.SYSTEM)


async def _latest(crn: str, weeks: int, ctx: Ctx) -> AssessedRosh | None:
    async with ctx.reading(RoshViews) as views:
        return await views.latest(crn, earliest(ctx.now, weeks))
