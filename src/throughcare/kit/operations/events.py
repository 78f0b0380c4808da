"""What the console and the command line read of a service, under ``/operations``: events on record, outbox, jobs."""

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

EVENTS = text("""
    select id, seq, event_type, aggregate_type, aggregate_id, occurred_at, created_at, published_at, attempts,
           last_error, dead_at, payload ->> 'correlationId' as correlation_id, payload
      from outbox
     where seq > :after
       and (cast(:correlation_id as text) is null or payload ->> 'correlationId' = :correlation_id)
       and (cast(:event_type as text) is null or event_type = :event_type)
     order by case when :newest then -seq else seq end limit :limit
""")


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


@router.get("/events", roles=READ)
async def events(
    ctx: Ctx, after: int = 0, correlation_id: Annotated[str | None, Query(alias="correlationId")] = None,
    event_type: Annotated[str | None, Query(alias="eventType")] = None,
    newest: bool = True, limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> list[EventOnRecord]:  # fmt: skip
    """Events that this service recorded, newest first unless ``newest=false``; ``after`` is a sequence number."""
    values = {
        "after": after, "correlation_id": correlation_id, "event_type": event_type, "newest": newest, "limit": limit,
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
