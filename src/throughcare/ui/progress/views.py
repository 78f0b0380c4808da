"""Asks for everything that the progress of a referral shows, at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.peers.delivery import ApprovedPlan, Assessment, Delivery, Plan, Session
from throughcare.ui.peers.due import DueTask, DueWork
from throughcare.ui.peers.messages import Messages, Notification
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of, optional


@dataclass(frozen=True)
class Progress:
    """How far a referral has come. ``plan`` is its newest plan; ``approved`` has every approved one, newest first.

    ``messages`` are None where they could not be had. ``due`` is what its provider owes, as far as that could be had.
    """

    frame: Frame
    assessment: Assessment
    plan: Plan | None
    approved: list[ApprovedPlan]
    sessions: list[Session]
    messages: Sequence[Notification] | None
    due: Sequence[DueTask] = ()

    @property
    def in_force(self) -> UUID | None:
        """The plan by which the referral is delivered."""
        return self.approved[0].id if self.approved else None


async def progress_of(ctx: Context, side: Side, referral_id: UUID) -> Progress:
    """Everything about the progress of a referral. Raises PeerRefused (403, 404), PeerUnavailable."""
    delivery = ctx.peer(Delivery, as_user=True)
    frame, assessment, approved, messages, due = await asyncio.gather(
        frame_of(ctx, side, referral_id), delivery.assessment(referral_id), delivery.approved_plans(referral_id),
        optional(ctx.peer(Messages, as_user=True).of_referral(referral_id), None), _due(ctx, side, referral_id),
    )  # fmt: skip
    approved.sort(key=lambda one: one.approved_at, reverse=True)
    plan, sessions = await asyncio.gather(
        _newest(delivery, frame.referral.action_plan_id), _sessions(delivery, approved)
    )
    return Progress(frame, assessment, plan, approved, sessions, messages, due)


async def _due(ctx: Context, side: Side, referral_id: UUID) -> Sequence[DueTask]:
    if side is not Side.PROVIDER:
        return ()
    found = await optional(ctx.peer(DueWork, as_user=True).due_on(referral_id), None)
    return found.content if found else ()


async def _sessions(delivery: Delivery, approved: list[ApprovedPlan]) -> list[Session]:
    return await delivery.sessions(approved[0].id) if approved else []


async def _newest(delivery: Delivery, plan_id: UUID | None) -> Plan | None:
    return await delivery.plan(plan_id) if plan_id else None
