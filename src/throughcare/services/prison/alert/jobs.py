"""Alerts begin and end with the day, whether or not anybody touches them."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.prison.alert import usecases
from throughcare.services.prison.alert.store import AlertStore

AT_ONCE = 500


async def announce_due(ctx: Context) -> None:
    """Make known every beginning and end that has come."""
    while True:
        async with ctx.reading(AlertStore) as store:
            numbers = await store.due(ctx.clock.today(), AT_ONCE)
        for number in numbers:
            await usecases.announce_due_alerts(ctx.new_uow(), number, by=ctx.user)
        if len(numbers) < AT_ONCE:
            return
