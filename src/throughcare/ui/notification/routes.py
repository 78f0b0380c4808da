"""A notification's way: from the domain event behind it to each consumer's queue."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import HTMLResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.consumer.model import delivery_state
from throughcare.ui.notification import views
from throughcare.ui.notification.model import in_words, status_in_words
from throughcare.ui.page import CONSOLE_ROLES, page
from throughcare.ui.peers.consumers import Consumers

router = Router(prefix="/console", tag="Notifications", include_in_schema=False)
MENDERS = ["ROLE_QUEUE_ADMIN"]

Number = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("/events/{correlation_id}/told/{event_id}", roles=CONSOLE_ROLES)
async def told(request: Request, ctx: Ctx, correlation_id: str, event_id: UUID) -> HTMLResponse:
    """The notifications that an event led to and what became of each, or why there are none."""
    found = await views.told_by(ctx, correlation_id, event_id)
    return page(
        request, "notification/told.html", title="What outside bodies were told", page_id="notification-told",
        told=found, correlation_id=correlation_id, event_id=event_id, in_words=in_words, status_of=status_in_words,
        state_of=delivery_state, may_mend=ctx.user.has_any(MENDERS),
    )  # fmt: skip


@router.get("/notifications/{number}", roles=CONSOLE_ROLES)
async def one(request: Request, ctx: Ctx, number: Number) -> HTMLResponse:
    """One notification: the events behind it, and how far it is on its way to each consumer."""
    found = await ctx.peer(Consumers, as_user=True).notification(number)
    if found is None:
        raise NotFound("there is no such notification")
    return page(
        request, "notification/one.html", title=f"Notification {number}", page_id="notification", one=found,
        status_of=status_in_words, state_of=delivery_state, may_mend=ctx.user.has_any(MENDERS),
    )  # fmt: skip
