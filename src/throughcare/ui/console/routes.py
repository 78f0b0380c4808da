"""The console: see how the system is, and mend it without SQL."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.console import store, usecases, views
from throughcare.ui.console.schemas import ChangeClock, ClockState
from throughcare.ui.page import CONSOLE_ROLES, page
from throughcare.ui.peers.operations import operations_of

router = Router(prefix="/console", tag="Console", include_in_schema=False)


@router.get("", roles=CONSOLE_ROLES)
async def overview(request: Request, ctx: Ctx) -> HTMLResponse:
    """Services, queues, dead letters, outboxes and the newest events."""
    services = await views.overview(ctx)
    newest = await views.events(ctx, None)
    return page(
        request, ctx, "console/overview.html", title="Console", page_id="console", services=services, events=newest,
        dead=[(one.name, queue, letter) for one in services for queue, letter in one.dead],
        may_retry=ctx.user.has_any(["ROLE_QUEUE_ADMIN"]), clock=ctx.runtime.clock, now=ctx.now,
    )  # fmt: skip


@router.get("/events/{correlation_id}", roles=CONSOLE_ROLES)
async def caused(request: Request, ctx: Ctx, correlation_id: str) -> HTMLResponse:
    """Every event that one request caused, in every service."""
    found = await views.events(ctx, correlation_id, 200)
    if not found:
        raise NotFound("no event has this correlation id")
    return page(
        request, ctx, "console/caused.html", title="What one request caused", page_id="console-caused", events=found,
        correlation_id=correlation_id,
    )  # fmt: skip


@router.post("/dead-letters/{service}/{dlq}/{message_id}/retry", roles=["ROLE_QUEUE_ADMIN"])
async def retry(ctx: Ctx, service: str, dlq: str, message_id: str) -> Response:
    """Send a dead letter back to its queue."""
    if service not in ctx.runtime.topology.paths:
        raise NotFound("there is no such service")
    await ctx.peer(operations_of(service), as_user=True).retry(dlq, message_id)
    return RedirectResponse("/console#dead-letters", 303)


@router.get("/clock", roles=CONSOLE_ROLES)
async def clock(ctx: Ctx) -> ClockState:
    """What the business clock says."""
    return _state(ctx)


@router.put("/clock", roles=["ROLE_CONSOLE__CLOCK"])
async def set_clock(body: ChangeClock, ctx: Ctx) -> ClockState:
    """Move the business clock of the whole system, if it was started so that it can be."""
    advance = timedelta(seconds=body.advance_seconds) if body.advance_seconds else None
    usecases.move_clock(ctx.clock, set_to=body.set, advance=advance, frozen=body.frozen)
    await store.tell_everybody(ctx, ctx.clock)
    return _state(ctx)


def _state(ctx: Context) -> ClockState:
    return ClockState(now=ctx.now, frozen=ctx.clock.frozen_at is not None, settable=ctx.clock.settable)
