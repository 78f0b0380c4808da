"""What was written to people about a referral, for both sides and for support."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.notify.cipher import MailCipher
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import READERS, SUPPORT
from throughcare.services.interventions.access.usecases import allow_referral
from throughcare.services.interventions.actor.model import GATE, SUPPORTING
from throughcare.services.interventions.notification.schemas import NotificationLine
from throughcare.services.interventions.notification.views import NotificationViews
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere

router = Router(tag="Notifications")


@router.get("/sent-referral/{referral_id}/notifications", roles=[*GATE, SUPPORTING], errors=[AccessRefused, NotThere])
async def list_notifications(referral_id: UUID, ctx: Ctx) -> list[NotificationLine]:
    """Every message about a referral, the newest first, with how far it came."""
    await allow_referral(ctx, referral_id, READERS | SUPPORT)
    async with ctx.reading(NotificationViews) as views:
        found = await views.of_referral(referral_id)
    cipher = MailCipher(ctx.secrets, ctx.runtime.name)
    return [NotificationLine.of(one, cipher) for one in found]
