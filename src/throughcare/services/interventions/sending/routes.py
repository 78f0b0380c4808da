"""Sending a draft, or deleting it. For probation practitioners who may see the person's case."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.usecases import allow_draft
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.overview.schemas import SentReferral
from throughcare.services.interventions.overview.views import show_referral
from throughcare.services.interventions.refusal.model import (
    AccessDenied,
    AccessRefused,
    Clash,
    Closed,
    Exhausted,
    Invalid,
    NotThere,
    NotYet,
)
from throughcare.services.interventions.sending import usecases

router = Router(tag="Drafts")


@router.post(
    "/draft-referral/{draft_id}/send", status=201, roles=GATE,
    errors=[AccessRefused, AccessDenied, NotThere, Invalid, Clash, Closed, NotYet, Exhausted],
)  # fmt: skip
async def send_draft(draft_id: UUID, ctx: Ctx, response: Response) -> SentReferral:
    """Send a complete draft to the provider. Everything that is missing is reported together."""
    entry = await allow_draft(ctx, draft_id, change=True)
    referral = await usecases.send_draft(ctx, draft_id, by=entry.actor)
    response.headers["Location"] = f"/sent-referral/{referral.id}"
    return await show_referral(ctx, referral)


@router.delete("/draft-referral/{draft_id}", status=204, roles=GATE, errors=[AccessRefused, NotThere, Clash])
async def delete_draft(draft_id: UUID, ctx: Ctx) -> None:
    """Delete a draft with everything that was written in it, unless it is being sent."""
    await allow_draft(ctx, draft_id, change=True)
    await usecases.delete_draft(ctx.uow, draft_id)
