"""Jobs that every service has: old rows go, and dead letters get three automatic rounds before a person must look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import TextClause

from throughcare.kit.db.database import Database, Queries
from throughcare.kit.inbox import table as inbox
from throughcare.kit.jobs import schedule
from throughcare.kit.jobs.schedule import Job, daily, every
from throughcare.kit.messaging.bus import Dead, Received
from throughcare.kit.messaging.parse import Unreadable, parse
from throughcare.kit.telemetry import metrics
from throughcare.kit.web import idempotency

if TYPE_CHECKING:
    from throughcare.kit.context import Context
    from throughcare.kit.runtime import Runtime

AUTOMATIC_ROUNDS = 3
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
    async with runtime.database.writing(Queries) as queries:
        for dead in await runtime.bus.dead(queue):
            if dead.reason != "exhausted":
                continue
            values = {"consumer": queue, "id": event_id(dead), "limit": AUTOMATIC_ROUNDS}
            row = (await queries.connection.execute(inbox.AUTOMATIC_ROUND, values)).one_or_none()
            if row is not None and row.parked_at is None:
                moved.append(dead.message_id)
    metrics.dlq_retry_total.labels(queue).inc(len(moved))
    return await runtime.bus.redrive(queue, moved) if moved else 0


async def forgive(runtime: Runtime, queue: str, dead: Dead) -> None:
    """Let a parked message be tried again automatically: a person asked for it."""
    async with runtime.database.writing(Queries) as queries:
        await queries.connection.execute(inbox.FORGIVE, {"consumer": queue, "id": event_id(dead)})


def event_id(dead: Dead) -> object:
    """The id under which the inbox knows a dead letter's event; None when it cannot be read."""
    message = Received(dead.queue, dead.message_id, "", dead.body, dead.attributes, 0, dead.sent_at)
    try:
        return parse(message).event_id
    except Unreadable:
        return None


async def _in_slices(database: Database, statement: TextClause, values: dict[str, int] | None = None) -> None:
    deleted = -1
    while deleted:
        async with database.writing(Queries) as queries:
            deleted = int((await queries.connection.execute(statement, values or {})).rowcount)


