"""Referrals of people in custody."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, reaction
from throughcare.services.interventions.custody.usecases import look_up_custody


class ReferralSent(Reads, types=["intervention.referral.sent"]):
    """A referral was sent."""

    referral_id: UUID


@reaction(ReferralSent)
async def on_referral_sent(event: ReferralSent, ctx: Context) -> None:
    """Keep where the prison system says that the person is, and when they may be released."""
    await look_up_custody(ctx, event.referral_id)
