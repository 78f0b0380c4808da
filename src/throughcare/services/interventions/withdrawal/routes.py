"""Withdrawing a referral. For probation practitioners who may see the person's case."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PRACTITIONER
from throughcare.services.interventions.access.usecases import allow_referral
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.overview.schemas import SentReferral
from throughcare.services.interventions.overview.views import show_referral
from throughcare.services.interventions.refusal.model import AccessRefused, Clash, NotThere, Refused
from throughcare.services.interventions.withdrawal import usecases
from throughcare.services.interventions.withdrawal.schemas import WithdrawReferral

router = Router(tag="Referrals")


@router.post(
    "/sent-referral/{referral_id}/withdraw-referral",
    roles=GATE,
    errors=[AccessRefused, NotThere, Clash, Refused],
)
async def withdraw_referral(referral_id: UUID, body: WithdrawReferral, ctx: Ctx) -> SentReferral:
    """End the referral at once; a report may still be due from the provider."""
    entry = await allow_referral(ctx, referral_id, PRACTITIONER)
    referral = await usecases.withdraw_referral(
        ctx, referral_id, code=body.code, comments=body.comments, by=entry.actor
    )
    return await show_referral(ctx, referral)
