"""The door through which prisoner search fills its index."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prison.inmate.views import InmateViews
from throughcare.services.prison.person.schemas import ReadNumber
from throughcare.services.prison.search_details.schemas import PrisonerSearchDetails

router = Router(prefix="/api/prisoner-search", tag="Prisoner search")


@router.get("/offenders/{offender_no}", roles=["ROLE_PRISONER_INDEX"])
async def search_details(offender_no: ReadNumber, ctx: Ctx) -> PrisonerSearchDetails:
    """Everything that the index needs of a prisoner."""
    async with ctx.reading(InmateViews) as views:
        return PrisonerSearchDetails.of(await views.record(offender_no), ctx.clock.today())
