"""Asks for what follows when a referral is withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.peers.catalogue import Catalogue, Reason
from throughcare.ui.peers.delivery import Delivery, Session
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of, optional
from throughcare.ui.withdrawal.model import Consequences


async def frame_and_reasons(ctx: Context, referral_id: UUID) -> tuple[Frame, list[Reason]]:
    """The referral, and why it can be withdrawn. Raises PeerRefused (403, 404), PeerUnavailable."""
    return await asyncio.gather(
        frame_of(ctx, Side.PRACTITIONER, referral_id), ctx.peer(Catalogue, as_user=True).withdrawal_reasons()
    )


async def consequences_for(ctx: Context, frame: Frame) -> Consequences:
    """What follows when this referral ends; appointments as far as they can be had."""
    delivery, referral_id = ctx.peer(Delivery, as_user=True), frame.referral.id
    assessment, sessions = await asyncio.gather(
        optional(delivery.assessment(referral_id), None), optional(_sessions(delivery, referral_id), None)
    )
    return Consequences.of(frame, assessment, sessions, ctx.now)


async def _sessions(delivery: Delivery, referral_id: UUID) -> Sequence[Session]:
    approved = await delivery.approved_plans(referral_id)
    return await delivery.sessions(max(approved, key=lambda one: one.approved_at).id) if approved else []
