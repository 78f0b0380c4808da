"""Has an appointment booked."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.ui.booking.model import Target, wire
from throughcare.ui.peers.delivery import Delivery
from throughcare.ui.unfinished.model import Unfinished


async def book(ctx: Context, target: Target, work: Unfinished) -> str:
    """Have it booked; the path that tells so. Raises PeerRefused, PeerUnavailable."""
    delivery, moved = ctx.peer(Delivery, as_user=True), target.moves(ctx.now)
    if target.session is None:
        assert target.assessment is not None
        await delivery.book_assessment(target.assessment.id, wire(work.words))
        told = "attendance" not in work.words
        end = "rescheduled-confirmation" if moved else "scheduled-confirmation"
        return target.frame.path(f"supplier-assessment/{end}" if told else "progress")
    assert target.plan_id is not None
    await delivery.book_session(target.plan_id, target.session.session_number, wire(work.words))
    return target.frame.path("progress")
