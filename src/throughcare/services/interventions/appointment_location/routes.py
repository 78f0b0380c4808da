"""Where a person is to be on which day, for the machine that asks."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import REFER_AND_MONITOR
from throughcare.services.interventions.appointment_location.schemas import AppointmentLocations
from throughcare.services.interventions.appointment_location.views import AppointmentLocationViews
from throughcare.services.interventions.catalogue.views import current_catalogue

router = Router(tag="For other systems")


@router.get("/appointments-location/{crn}", roles=[REFER_AND_MONITOR])
async def get_locations(crn: str, ctx: Ctx) -> AppointmentLocations:
    """Time and place of every delivery session appointment of a person; no referrals when there are none."""
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(AppointmentLocationViews) as views:
        return await views.of_person(crn, catalogue)
