"""Whether a person was referred for accommodation, for the accommodation service."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.accommodation.schemas import SasReferral
from throughcare.services.interventions.accommodation.views import AccommodationViews
from throughcare.services.interventions.actor.model import ACCOMMODATION
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.referral.model import no_referral
from throughcare.services.interventions.refusal.model import NotThere

router = Router(tag="For other systems")


@router.get("/sas-referral-details/{crn}", roles=[ACCOMMODATION], errors=[NotThere])
async def list_accommodation_referrals(crn: str, ctx: Ctx) -> list[SasReferral]:
    """A person's sent referrals for accommodation, oldest first; 404 when there are none."""
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(AccommodationViews) as views:
        found = await views.of_person(crn, catalogue)
    if not found:
        raise no_referral()
    return found
