"""Where a person in prison is, for the pages that ask about it."""

from __future__ import annotations

from fastapi import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.usecases import allow_person
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.prisoner.schemas import PrisonerDetails
from throughcare.services.interventions.prisoner.usecases import find_prisoner
from throughcare.services.interventions.refusal.model import AccessRefused

router = Router(tag="Prisoners")


@router.get("/intervention/prisoner/details/{crn}", roles=GATE, errors=[AccessRefused], response_model=PrisonerDetails)
async def get_prisoner(crn: str, ctx: Ctx) -> PrisonerDetails | Response:
    """Place and release dates of a person in prison; an empty body when that is not known."""
    await allow_person(ctx, crn)
    return await find_prisoner(ctx, crn) or Response()
