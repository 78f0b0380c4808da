"""Doors for operators: everything that the console and the command line show of notifications and consumers."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query

from throughcare.kit.context import Context
from throughcare.kit.errors import BadRequest, NotFound
from throughcare.kit.messaging.bus import BusUnavailable, UnknownQueue
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.consumer.model import Consumer, NoConsumer, compile_policy
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.oversight.schemas import (
    ConsumerState,
    LaneState,
    Notifications,
    NotificationState,
    OpenDelivery,
    RefusalState,
    Totals,
)
from throughcare.services.integration.oversight.views import OversightViews

OPERATORS = ["ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN"]
MOST = 2**63 - 1

router = Router(prefix="/v1", tag="Oversight")

Limit = Annotated[int, Query(ge=1, le=500)]


class NoNotification(NotFound):
    """There is no notification of that number (404)."""

    code = "NOTIFICATION_NOT_FOUND"


@router.get("/consumers", roles=OPERATORS)
async def list_consumers(ctx: Ctx) -> list[ConsumerState]:
    """Every consumer, and how its line stands."""
    async with ctx.reading(ConsumerStore) as store:
        consumers = await store.all_consumers()
        lanes = await OversightViews(store.connection).lanes(ctx.now)
    return [_state(one, lanes[one.name]) for one in consumers]


@router.get("/consumers/{name}", roles=OPERATORS, errors=[NoConsumer])
async def get_consumer(name: str, ctx: Ctx) -> ConsumerState:
    """One consumer, with the depth of its queue."""
    async with ctx.reading(ConsumerStore) as store:
        one = await store.get(name)
        lanes = await OversightViews(store.connection).lanes(ctx.now)
    return await _with_depth(ctx, _state(one, lanes[name]))


@router.get("/notifications", roles=OPERATORS)
async def notifications(
    ctx: Ctx, hmpps_id: Annotated[str | None, Query(alias="hmppsId", max_length=100)] = None,
    source_event_id: Annotated[UUID | None, Query(alias="sourceEventId")] = None,
) -> Notifications:  # fmt: skip
    """The notifications about a person, or those that a domain event led to, and who received each."""
    if (hmpps_id is None) == (source_event_id is None):
        raise BadRequest("give either hmppsId or sourceEventId", code="CRITERION_MISSING")
    async with ctx.reading(OversightViews) as views:
        found = await (views.caused_by(source_event_id) if hmpps_id is None else views.about(hmpps_id))
    return Notifications(notifications=found)


@router.get("/notifications/{event_id}", roles=OPERATORS, errors=[NoNotification])
async def notification(event_id: Annotated[int, Path(ge=1, le=MOST)], ctx: Ctx) -> NotificationState:
    """One notification's way, from the domain events behind it to each queue."""
    async with ctx.reading(OversightViews) as views:
        found = await views.one(event_id)
    if found is None:
        raise NoNotification("there is no notification of that number")
    return found


@router.get("/deliveries", roles=OPERATORS)
async def undelivered(
    ctx: Ctx, state: Literal["waiting", "stuck", "dead"] = "waiting", consumer: str | None = None, limit: Limit = 100
) -> list[OpenDelivery]:
    """Deliveries under way: all that wait, those that failed before (``stuck``), or those given up (``dead``)."""
    async with ctx.reading(OversightViews) as views:
        return await views.undelivered(state, consumer, limit)


@router.get("/refusals", roles=OPERATORS)
async def refusals(
    ctx: Ctx, source_event_id: Annotated[UUID | None, Query(alias="sourceEventId")] = None, limit: Limit = 100
) -> list[RefusalState]:
    """What domain events, or one of them, should have led to and could not, newest first."""
    async with ctx.reading(OversightViews) as views:
        return await views.refusals(source_event_id, limit)


@router.get("/totals", roles=OPERATORS)
async def totals(ctx: Ctx) -> Totals:
    """How many notifications collect, and how many are due."""
    async with ctx.reading(OversightViews) as views:
        return await views.totals(ctx.now)


async def _with_depth(ctx: Context, one: ConsumerState) -> ConsumerState:
    if one.queue_name is None:
        return one
    try:
        depth = await ctx.bus.depth(one.queue_name)
    except (BusUnavailable, UnknownQueue):
        return one
    return one.model_copy(update={"messages_on_queue": depth.visible, "messages_on_dlq": depth.dead})


def _state(one: Consumer, lane: LaneState) -> ConsumerState:
    given = one.configuration
    return ConsumerState(
        **lane.model_dump(),
        name=one.name,
        roles=list(given.roles),
        include=list(given.include),
        filters={kind: list(allowed) for kind, allowed in given.filters.items()},
        policy=compile_policy(given).document(),
        suspended=one.suspended,
        queue_name=one.queue_name,
        feed=one.feed,
    )
