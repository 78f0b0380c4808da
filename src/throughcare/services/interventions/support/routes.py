"""What people in support may know of a referral: how it stands, and not who it is about."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import SUPPORTING
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.refusal.model import NotThere
from throughcare.services.interventions.support.schemas import Standing
from throughcare.services.interventions.support.views import SupportViews

router = Router(prefix="/support", tag="Support")


@router.get("/referrals", roles=[SUPPORTING])
async def look_up(ctx: Ctx, q: Annotated[str, Query(min_length=1, max_length=40)]) -> list[Standing]:
    """The referrals with a reference number, or of a person with a CRN, the newest first."""
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(SupportViews) as views:
        return await views.look_up(q, catalogue)


@router.get("/referrals/{referral_id}", roles=[SUPPORTING], errors=[NotThere])
async def get_standing(referral_id: UUID, ctx: Ctx) -> Standing:
    """How one referral stands."""
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(SupportViews) as views:
        return await views.standing(referral_id, catalogue)
