"""Assigning a referral. For users of the provider that delivers it."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PROVIDER
from throughcare.services.interventions.access.usecases import allow_referral, check_assignable
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.assignment import usecases
from throughcare.services.interventions.assignment.schemas import AssignReferral
from throughcare.services.interventions.overview.schemas import SentReferral
from throughcare.services.interventions.overview.views import show_referral
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere

router = Router(tag="Referrals")


@router.post("/sent-referral/{referral_id}/assign", roles=GATE, errors=[AccessRefused, NotThere])
async def assign_referral(referral_id: UUID, body: AssignReferral, ctx: Ctx) -> SentReferral:
    """Have a caseworker work on the referral, in place of whoever did."""
    entry = await allow_referral(ctx, referral_id, PROVIDER)
    to = await check_assignable(ctx, body.assigned_to.actor(), entry.place.intervention_id)
    referral = await usecases.assign_referral(ctx.uow, referral_id, to=to, by=entry.actor)
    return await show_referral(ctx, referral)
