"""Measure how far consumers are behind."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.integration import measures
from throughcare.services.integration.oversight.views import OversightViews


async def measure(ctx: Context) -> None:
    """Bring the gauges up to date: what collects, what is due, and each consumer's line."""
    async with ctx.reading(OversightViews) as views:
        totals, lanes = await views.totals(ctx.now), await views.lanes(ctx.now)
    measures.notifications.labels("collecting").set(totals.collecting)
    measures.notifications.labels("due").set(totals.due)
    measures.oldest_due_seconds.set(totals.oldest_due_seconds)
    for consumer, lane in lanes.items():
        measures.deliveries.labels(consumer, "waiting").set(lane.waiting)
        measures.deliveries.labels(consumer, "dead").set(lane.dead)
        measures.lag_seconds.labels(consumer).set(lane.lag_seconds)
