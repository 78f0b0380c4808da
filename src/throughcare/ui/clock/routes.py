"""The business clock of the whole system, for demonstrations and for tests."""

from __future__ import annotations

from datetime import timedelta

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.clock import store, usecases
from throughcare.ui.clock.schemas import ChangeClock, ClockState
from throughcare.ui.page import CONSOLE_ROLES

router = Router(prefix="/console/clock", tag="Clock", include_in_schema=False)


@router.get("", roles=CONSOLE_ROLES)
async def clock(ctx: Ctx) -> ClockState:
    """What the business clock says."""
    return _state(ctx)


@router.put("", roles=["ROLE_CONSOLE__CLOCK"])
async def set_clock(body: ChangeClock, ctx: Ctx) -> ClockState:
    """Move the business clock of the whole system, if it was started so that it can be."""
    advance = timedelta(seconds=body.advance_seconds) if body.advance_seconds else None
    usecases.move_clock(ctx.clock, set_to=body.set, advance=advance, frozen=body.frozen)
    await store.tell_everybody(ctx, ctx.clock)
    return _state(ctx)


def _state(ctx: Context) -> ClockState:
    return ClockState(now=ctx.now, frozen=ctx.clock.frozen_at is not None, settable=ctx.clock.settable)
