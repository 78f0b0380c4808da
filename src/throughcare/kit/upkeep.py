"""Jobs that every service has: old rows go, and dead letters get three automatic rounds before a person must look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import TextClause

from throughcare.kit.db.database import Database, Queries
from throughcare.kit.inbox import table as inbox
from throughcare.kit.jobs import schedule
from throughcare.kit.jobs.schedule import Job, daily, every
from throughcare.kit.messaging.bus import Dead, Received
from throughcare.kit.messaging.envelope import Envelope
from throughcare.kit.messaging.parse import Unreadable, parse
from throughcare.kit.telemetry import metrics
from throughcare.kit.web import idempotency

if TYPE_CHECKING:
    from throughcare.kit.context import Context
    from throughcare.kit.runtime import Runtime

AUTOMATIC_ROUNDS = 3
LOOK_AT = 1000
INBOX_DAYS = 30


def upkeep_jobs(runtime: Runtime) -> tuple[Job, ...]:
    """The kit's own jobs for one service."""

    async def clean(_: Context) -> None:
        while await runtime.relay.clean():
            pass
        await _in_slices(runtime.database, inbox.CLEAN, {"days": INBOX_DAYS})
        await _in_slices(runtime.database, idempotency.CLEAN)
        await _in_slices(runtime.database, schedule.CLEAN)

    async def retry(_: Context) -> None:
        for consumer in runtime.consumers:
            await retry_dead_letters(runtime, consumer.queue)

    jobs = [Job("clean-up", daily("03:10"), clean)]
    if runtime.consumers:
        jobs.append(Job("retry-dead-letters", every(minutes=10), retry))
    return tuple(jobs)


async def retry_dead_letters(runtime: Runtime, queue: str) -> int:
    """Give exhausted dead letters of ``queue`` another round, parking those that had three; how many went back."""
    moved: list[str] = []
    letters = [one for one in await runtime.bus.dead(queue, LOOK_AT) if one.reason == "exhausted"]
    async with runtime.database.writing(Queries) as queries:
        for dead in letters:
            envelope = envelope_of(dead)
            if envelope is None:
                continue
            values = {
                "consumer": queue, "id": envelope.event_id, "type": envelope.event_type, "limit": AUTOMATIC_ROUNDS,
            }  # fmt: skip
            if (await queries.connection.execute(inbox.AUTOMATIC_ROUND, values)).scalar() is None:
                moved.append(dead.message_id)
    metrics.dlq_retry_total.labels(queue).inc(len(moved))
    return await runtime.bus.redrive(queue, moved) if moved else 0


async def forgive(runtime: Runtime, queue: str, dead: Dead) -> None:
    """Forget a message's automatic rounds and that it was parked: a person saw to it."""
    envelope = envelope_of(dead)
    if envelope is not None:
        async with runtime.database.writing(Queries) as queries:
            await queries.connection.execute(inbox.FORGIVE, {"consumer": queue, "id": envelope.event_id})


async def forgive_all(runtime: Runtime, queue: str) -> None:
    """Forget the automatic rounds of every message of ``queue``."""
    async with runtime.database.writing(Queries) as queries:
        await queries.connection.execute(inbox.FORGIVE_ALL, {"consumer": queue})


async def find_dead(runtime: Runtime, queue: str, message_id: str) -> Dead | None:
    """The dead letter of that id, among the oldest thousand."""
    return next((one for one in await runtime.bus.dead(queue, LOOK_AT) if one.message_id == message_id), None)


def envelope_of(dead: Dead) -> Envelope | None:
    """The event in a dead letter; None when it cannot be read."""
    message = Received(dead.queue, dead.message_id, "", dead.body, dead.attributes, 0, dead.sent_at)
    try:
        return parse(message)
    except Unreadable:
        return None


async def _in_slices(database: Database, statement: TextClause, values: dict[str, int] | None = None) -> None:
    deleted = -1
    while deleted:
        async with database.writing(Queries) as queries:
            deleted = int((await queries.connection.execute(statement, values or {})).rowcount)
