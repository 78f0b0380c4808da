"""Sending again what reached nobody, for both sides and for support."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE, SUPPORT
from throughcare.services.interventions.access.usecases import allow_referral
from throughcare.services.interventions.actor.model import GATE, SUPPORTING
from throughcare.services.interventions.refusal.model import AccessRefused, Clash, NotThere
from throughcare.services.interventions.repetition.schemas import SentAgain
from throughcare.services.interventions.repetition.usecases import send_again

router = Router(tag="Notifications")


@router.post(
    "/sent-referral/{referral_id}/notifications/{message_id}/send-again", roles=[*GATE, SUPPORTING],
    errors=[AccessRefused, NotThere, Clash],
)  # fmt: skip
async def repeat_notification(referral_id: UUID, message_id: UUID, ctx: Ctx) -> SentAgain:
    """Send a message that failed once more, to the address that its recipient has now; asking twice sends one."""
    await allow_referral(ctx, referral_id, PEOPLE | SUPPORT)
    return SentAgain(id=await send_again(ctx, referral_id, message_id))
