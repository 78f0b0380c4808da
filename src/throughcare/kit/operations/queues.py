"""Queue administration, the same in every service: ``/queue-admin/…``."""

from __future__ import annotations

import json
import re
from datetime import datetime
from math import isnan
from typing import Annotated

from fastapi import Query
from sqlalchemy import text

from throughcare.kit.context import Context
from throughcare.kit.db.database import Queries
from throughcare.kit.errors import BadRequest, NotFound
from throughcare.kit.messaging.bus import Dead
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.upkeep import find_dead, forgive, forgive_all, retry_dead_letters
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.schemas import Wire

log = get_logger(__name__)
router = Router(prefix="/queue-admin", tag="Queue administration")

READ = ["ROLE_QUEUE_ADMIN", "ROLE_QUEUE_ADMIN__RO", "ROLE_CONSOLE__RO"]
WRITE = ["ROLE_QUEUE_ADMIN"]
PURGE_LIMIT = 1000
DEEPEST = 50
IDENTIFIER = re.compile(r"\b[A-Z]\d{4}[A-Z]{2}\b|\b[A-Z]\d{6}\b")
PARKED = text("select count(*) from inbox where consumer = :consumer and parked_at is not null")


class QueueState(Wire):
    """One queue of this service. ``oldestSeconds`` is null where messages wait and the bus cannot tell their age."""

    queue_name: str
    dlq_name: str
    messages: int
    in_flight: int
    dead: int
    parked: int
    oldest_seconds: float | None


class Found(Wire):
    """How many messages an operation found at its start."""

    messages_found_count: int


class DeadLetter(Wire):
    """A message on a dead-letter queue; identifiers are masked unless the caller may see bodies."""

    message_id: str
    reason: str
    detail: str
    event_type: str | None
    sent_at: datetime
    body: object


class DeadLetters(Found):
    """The dead letters that were looked at."""

    messages_returned_count: int
    messages: list[DeadLetter]


def _queue(ctx: Context, dlq: str) -> str:
    for consumer in ctx.runtime.consumers:
        if consumer.subscription.queue.dlq == dlq:
            return consumer.queue
    raise NotFound("no dead-letter queue of that name here", code="QUEUE_NOT_FOUND")


@router.get("/queues", roles=READ)
async def list_queues(ctx: Ctx) -> list[QueueState]:
    """Depth and age of every queue of this service."""
    states = []
    for consumer in ctx.runtime.consumers:
        depth = await ctx.bus.depth(consumer.queue)
        async with ctx.reading(Queries) as queries:
            parked = await queries.connection.scalar(PARKED, {"consumer": consumer.queue})
        states.append(
            QueueState(
                queue_name=consumer.queue,
                dlq_name=consumer.subscription.queue.dlq,
                messages=depth.visible,
                in_flight=depth.inflight,
                dead=depth.dead,
                parked=int(parked or 0),
                oldest_seconds=None if isnan(depth.oldest_seconds) else depth.oldest_seconds,
            )
        )
    return states


@router.get("/get-dlq-messages/{dlq}", roles=READ)
async def get_dead_letters(
    dlq: str, ctx: Ctx, max_messages: Annotated[int, Query(ge=1, le=100, alias="maxMessages")] = 100
) -> DeadLetters:
    """The dead letters of a queue, left where they are."""
    queue = _queue(ctx, dlq)
    depth = await ctx.bus.depth(queue)
    found = await ctx.bus.dead(queue, max_messages)
    log.info("dead letters read", labels={"queue": queue, "client_id": ctx.user.client_id})
    letters = [_letter(one, ctx) for one in found]
    return DeadLetters(messages_found_count=depth.dead, messages_returned_count=len(letters), messages=letters)


@router.get("/dlq/{dlq}/messages/{message_id}", roles=READ)
async def get_dead_letter(dlq: str, message_id: str, ctx: Ctx) -> DeadLetter:
    """One dead letter, among the oldest thousand, left where it is."""
    queue = _queue(ctx, dlq)
    dead = await find_dead(ctx.runtime, queue, message_id)
    if dead is None:
        raise NotFound("no such dead letter", code="MESSAGE_NOT_FOUND")
    log.info("dead letter read", labels={"queue": queue, "client_id": ctx.user.client_id})
    return _letter(dead, ctx)


@router.put("/retry-dlq/{dlq}", roles=WRITE)
async def retry_dlq(dlq: str, ctx: Ctx) -> Found:
    """Send every dead letter of a queue back to it."""
    queue = _queue(ctx, dlq)
    await forgive_all(ctx.runtime, queue)
    return Found(messages_found_count=await ctx.bus.redrive(queue))


@router.put("/retry-all-dlqs", roles=WRITE)
async def retry_all(ctx: Ctx) -> list[Found]:
    """One automatic round for every dead-letter queue of this service."""
    return [
        Found(messages_found_count=await retry_dead_letters(ctx.runtime, consumer.queue))
        for consumer in ctx.runtime.consumers
    ]


@router.post("/dlq/{dlq}/messages/{message_id}/retry", roles=WRITE)
async def retry_one(dlq: str, message_id: str, ctx: Ctx) -> Found:
    """Send one dead letter back, parked or not."""
    queue = _queue(ctx, dlq)
    dead = await find_dead(ctx.runtime, queue, message_id)
    if dead is not None:
        await forgive(ctx.runtime, queue, dead)
    return _some(await ctx.bus.redrive(queue, [message_id]))


@router.delete("/dlq/{dlq}/messages/{message_id}", roles=WRITE)
async def drop_one(
    dlq: str, message_id: str, ctx: Ctx, reason: Annotated[str, Query(min_length=4, max_length=200)]
) -> Found:
    """Delete one dead letter, saying why."""
    queue = _queue(ctx, dlq)
    dead = await find_dead(ctx.runtime, queue, message_id)
    dropped = await ctx.bus.drop_dead(queue, [message_id])
    if dead is not None:
        await forgive(ctx.runtime, queue, dead)
    log.warning(
        "dead letter dropped", labels={"queue": queue, "message_id": message_id, "client_id": ctx.user.client_id}
    )
    return _some(dropped)


@router.put("/purge-queue/{queue}", roles=WRITE)
async def purge(
    queue: str, ctx: Ctx, confirm: str, reason: Annotated[str, Query(min_length=4, max_length=200)], force: bool = False
) -> Found:
    """Delete what waits on a queue. ``confirm`` repeats its name; more than 1,000 messages need ``force``."""
    if queue not in {consumer.queue for consumer in ctx.runtime.consumers}:
        raise NotFound("no queue of that name here", code="QUEUE_NOT_FOUND")
    if confirm != queue:
        raise BadRequest("confirm must repeat the queue's name", code="NOT_CONFIRMED")
    if (await ctx.bus.depth(queue)).visible > PURGE_LIMIT and not force:
        raise BadRequest("more than 1000 messages: say force=true", code="TOO_MANY_TO_PURGE")
    log.warning("queue purged", labels={"queue": queue, "client_id": ctx.user.client_id})
    return Found(messages_found_count=await ctx.bus.purge(queue))


def _some(count: int) -> Found:
    if not count:
        raise NotFound("no such dead letter", code="MESSAGE_NOT_FOUND")
    return Found(messages_found_count=count)


def _letter(dead: Dead, ctx: Context) -> DeadLetter:
    whole = ctx.user.has_any(["ROLE_QUEUE_ADMIN__BODY"])
    try:
        body = _shown(json.loads(dead.body), whole=whole)
    except (ValueError, RecursionError):
        body = dead.body if whole else "(not JSON)"
    return DeadLetter(
        message_id=dead.message_id, reason=dead.reason, detail=dead.detail, sent_at=dead.sent_at,
        event_type=dead.attributes.get("eventType"), body=body,
    )  # fmt: skip


def _shown(value: object, *, whole: bool, depth: int = 0) -> object:
    """``value``; unless ``whole``, without what tells who it is about. Raises ValueError when nested too deeply."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {
            name: "***" if name == "value" and not whole else _shown(one, whole=whole, depth=depth + 1)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_shown(one, whole=whole, depth=depth + 1) for one in value]
    return IDENTIFIER.sub("***", value) if isinstance(value, str) and not whole else value
