"""Doors for operators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.context import Context
from throughcare.kit.messaging.bus import BusUnavailable, UnknownQueue
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.consumer.model import Consumer, NoConsumer, compile_policy
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.oversight.schemas import ConsumerState, Notifications
from throughcare.services.integration.oversight.views import OversightViews

OPERATORS = ["ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN"]

router = Router(prefix="/v1", tag="Oversight")


@router.get("/consumers", roles=OPERATORS)
async def list_consumers(ctx: Ctx) -> list[ConsumerState]:
    """Every consumer."""
    async with ctx.reading(ConsumerStore) as store:
        consumers = await store.all_consumers()
    return [await _state(ctx, one) for one in consumers]


@router.get("/consumers/{name}", roles=OPERATORS, errors=[NoConsumer])
async def get_consumer(name: str, ctx: Ctx) -> ConsumerState:
    """One consumer."""
    async with ctx.reading(ConsumerStore) as store:
        one = await store.get(name)
    return await _state(ctx, one)


@router.get("/notifications", roles=OPERATORS)
async def notifications(ctx: Ctx, hmpps_id: Annotated[str, Query(alias="hmppsId", max_length=50)]) -> Notifications:
    """The notifications about a person, and who received each."""
    async with ctx.reading(OversightViews) as views:
        return Notifications(notifications=await views.notifications(hmpps_id))


async def _state(ctx: Context, one: Consumer) -> ConsumerState:
    async with ctx.reading(OversightViews) as views:
        counts = await views.counts(one.name)
    depth = None
    if one.queue_name is not None:
        try:
            depth = await ctx.bus.depth(one.queue_name)
        except (BusUnavailable, UnknownQueue):
            depth = None
    given = one.configuration
    return ConsumerState(
        name=one.name, roles=list(given.roles), include=list(given.include),
        filters={kind: list(allowed) for kind, allowed in given.filters.items()},
        policy=compile_policy(given).document(), suspended=one.suspended, queue_name=one.queue_name,
        waiting=counts["waiting"], delivered=counts["delivered"], last_delivered_at=counts["last_delivered_at"],
        messages_on_queue=depth and depth.visible, messages_on_dlq=depth and depth.dead,
    )  # fmt: skip
