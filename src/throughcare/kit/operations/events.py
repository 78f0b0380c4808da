"""What the console and the command line read of a service, under ``/operations``: events, readers, outbox, jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import text

from throughcare.kit.db.database import Queries
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.schemas import Wire

router = Router(prefix="/operations", tag="Operations")
READ = ["ROLE_CONSOLE__RO", "ROLE_QUEUE_ADMIN"]
LOOK_UP = [*READ, "ROLE_THROUGHCARE_SUPPORT"]

EVENTS = text("""
    select id, seq, event_type, aggregate_type, aggregate_id, occurred_at, created_at, published_at, attempts,
           last_error, dead_at, payload ->> 'correlationId' as correlation_id, payload
      from outbox
     where seq > :after
       and (cast(:correlation_id as text) is null or payload ->> 'correlationId' = :correlation_id)
       and (cast(:event_type as text) is null or event_type = :event_type)
       and (cast(:aggregate_id as text) is null or aggregate_id = :aggregate_id)
     order by case when :newest then -seq else seq end limit :limit
""")
HANDLED = text("""
    select consumer, event_id, outcome, attempts, processed_at, parked_at is not null as parked
      from inbox where consumer = any(cast(:consumers as text[])) and event_id = any(cast(:ids as uuid[]))
""")
MOST_IDS = 500
LARGEST = 2**63 - 1


class EventOnRecord(Wire):
    """One event of this service's outbox."""

    event_id: UUID
    sequence: int
    event_type: str
    aggregate_type: str
    aggregate_id: str
    correlation_id: str | None
    occurred_at: datetime
    recorded_at: datetime
    published_at: datetime | None
    attempts: int
    last_error: str | None
    given_up: bool
    body: dict[str, object]


class Handling(Wire):
    """What became of an event on one queue: ``ok``, ``nothing-to-do``, ``retry`` or ``dead``."""

    event_id: UUID
    outcome: str | None
    attempts: int
    processed_at: datetime | None
    parked: bool


class Reader(Wire):
    """A queue of this service, the event types that it hears of, and what became there of the events asked for."""

    queue_name: str
    event_types: list[str]
    handled: list[Handling]


class OutboxReport(Wire):
    """What waits in this service's outbox."""

    pending: int
    dead: int
    oldest_seconds: float


class JobReport(Wire):
    """A scheduled job and its newest run."""

    name: str
    schedule: str
    tick: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    detail: str | None = None


class JobOutcome(Wire):
    """How a run by hand ended."""

    outcome: str


@router.get("/events", roles=LOOK_UP)
async def events(
    ctx: Ctx, after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    correlation_id: Annotated[str | None, Query(alias="correlationId")] = None,
    event_type: Annotated[str | None, Query(alias="eventType")] = None,
    aggregate_id: Annotated[str | None, Query(alias="aggregateId", max_length=100)] = None,
    newest: bool = True, limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> list[EventOnRecord]:  # fmt: skip
    """Events that this service recorded, newest first unless ``newest=false``; ``after`` is a sequence number.

    ``aggregateId`` asks for those about one thing, a referral for example.
    """
    values = {
        "after": after, "correlation_id": correlation_id, "event_type": event_type, "aggregate_id": aggregate_id,
        "newest": newest, "limit": limit,
    }  # fmt: skip
    async with ctx.reading(Queries) as queries:
        rows = (await queries.connection.execute(EVENTS, values)).mappings().all()
    return [
        EventOnRecord(
            event_id=row["id"],
            sequence=row["seq"],
            recorded_at=row["created_at"],
            given_up=row["dead_at"] is not None,
            body=row["payload"],
            **{name: row[name] for name in _SAME},
        )
        for row in rows
    ]


_SAME = (
    "event_type", "aggregate_type", "aggregate_id", "correlation_id", "occurred_at", "published_at", "attempts",
    "last_error",
)  # fmt: skip


@router.get("/readers", roles=LOOK_UP)
async def readers(
    ctx: Ctx, event_id: Annotated[list[UUID] | None, Query(alias="eventId", max_length=MOST_IDS)] = None
) -> list[Reader]:
    """The queues of this service, and what became there of the events named by ``eventId``."""
    queues = {consumer.queue: consumer.subscription.policy["eventType"] for consumer in ctx.runtime.consumers}
    handled: dict[str, list[Handling]] = {name: [] for name in queues}
    if queues and event_id:
        async with ctx.reading(Queries) as queries:
            values = {"consumers": list(queues), "ids": event_id}
            for row in (await queries.connection.execute(HANDLED, values)).mappings():
                handled[row["consumer"]].append(Handling.model_validate(row))
    return [
        Reader(queue_name=name, event_types=[str(one) for one in types], handled=handled[name])
        for name, types in queues.items()
    ]


@router.get("/outbox", roles=READ)
async def outbox(ctx: Ctx) -> OutboxReport:
    """What waits in the outbox."""
    return OutboxReport.model_validate(await ctx.runtime.relay.state())


@router.post("/outbox/revive", roles=["ROLE_QUEUE_ADMIN"])
async def revive(ctx: Ctx) -> JobOutcome:
    """Try the events again that were given up after too many attempts."""
    return JobOutcome(outcome=f"{await ctx.runtime.relay.revive()} revived")


@router.get("/jobs", roles=READ)
async def jobs(ctx: Ctx) -> list[JobReport]:
    """The scheduled jobs of this service."""
    latest = {str(row["job"]): row for row in await ctx.runtime.jobs.latest()}
    reports = []
    for job in ctx.runtime.jobs.jobs:
        row = latest.get(job.name, {})
        kept = {name: row.get(name) for name in ("tick", "started_at", "finished_at", "outcome", "detail")}
        reports.append(JobReport.model_validate({"name": job.name, "schedule": str(job.schedule), **kept}))
    return reports


@router.post("/jobs/{name}/run", roles=["ROLE_QUEUE_ADMIN"])
async def run_job(name: str, ctx: Ctx) -> JobOutcome:
    """Run a job now."""
    try:
        return JobOutcome(outcome=await ctx.runtime.jobs.run_now(name))
    except KeyError:
        raise NotFound("no job of that name here", code="JOB_NOT_FOUND") from None
