"""Admission to what is known of a person's risk: who asks, and may they."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.services.risks_and_needs.access.model import Audience, NoReferral, UserNeeded, audience_of
from throughcare.services.risks_and_needs.access.usecases import check_reader
from throughcare.services.risks_and_needs.peers.interventions import ReferralPeer
from throughcare.services.risks_and_needs.supplementary_risk.views import SupplementaryRiskViews

REFERRALS_ASKED = 20


async def require_referral(ctx: Context, crn: str) -> None:
    """Let a provider's user pass who may see one of the person's newest referrals. Raises UserNeeded, NoReferral."""
    if ctx.user.username is None:
        raise UserNeeded
    async with ctx.reading(SupplementaryRiskViews) as views:
        referrals = await views.referrals(crn, limit=REFERRALS_ASKED)
    peer = ctx.peer(ReferralPeer, as_user=True)
    for referral_id in referrals:
        if await peer.may_see(referral_id):
            return
    raise NoReferral


async def admit(crn: str, ctx: Ctx) -> Audience:
    """The audience of the caller, once they may see this person. Raises what the checks raise."""
    audience = audience_of(ctx.user.roles)
    if audience is Audience.PROVIDER:
        await require_referral(ctx, crn)
    else:
        await check_reader(ctx, crn)
    return audience


Admitted = Annotated[Audience, Depends(admit)]
