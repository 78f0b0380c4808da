"""Work at set times. A row per (job, tick) with a lease keeps two processes from running the same tick."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import TextClause, text

from throughcare.kit.clock import real_now
from throughcare.kit.db.database import Database, Queries
from throughcare.kit.failpoints import failpoint
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.correlation import bound_correlation, current_correlation_id
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.telemetry.traces import job_span

if TYPE_CHECKING:
    from throughcare.kit.context import Context

log = get_logger(__name__)

DDL = """
create table job_run (
  job text not null,
  tick timestamptz not null,
  lease_until timestamptz not null,
  attempts integer not null default 1,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text,
  detail text,
  primary key (job, tick)
);
create index job_run_started on job_run (started_at);
"""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEASE_SECONDS = 900
RETRY_SECONDS = 30
MAX_ATTEMPTS = 5

TAKE = text("""
    insert into job_run (job, tick, lease_until) values (:job, :tick, now() + make_interval(secs => :lease))
        on conflict (job, tick) do update
       set lease_until = now() + make_interval(secs => :lease), attempts = job_run.attempts + 1, started_at = now(),
           outcome = null, detail = null
     where job_run.finished_at is null and job_run.lease_until < now() and job_run.attempts < :max_attempts
    returning attempts
""")
SETTLED = text("""
    select finished_at is not null or (attempts >= :max_attempts and lease_until < now())
      from job_run where job = :job and tick = :tick
""")
ONE_BY_HAND = text("select pg_advisory_xact_lock(hashtext('job'), hashtext(current_schema() || '.' || :job))")
RUNNING = text("select 1 from job_run where job = :job and outcome is null and lease_until > now() limit 1")
RENEW = text("""
    update job_run set lease_until = now() + make_interval(secs => :lease)
     where job = :job and tick = :tick and attempts = :attempts and outcome is null
""")
FINISH = text("""
    update job_run set finished_at = case when cast(:outcome as text) = 'ok' then now() end, outcome = :outcome,
           detail = :detail, lease_until = now() + make_interval(secs => :wait)
     where job = :job and tick = :tick and attempts = :attempts
""")
GIVE_UP = text("""
    update job_run set lease_until = now() where job = :job and tick = :tick and attempts = :attempts
""")
LATEST = text("""
    select distinct on (job) job, tick, started_at, finished_at, outcome, detail, attempts
      from job_run order by job, started_at desc
""")
CLEAN = text("""
    delete from job_run where (job, tick) in (
      select old.job, old.tick from job_run old
       where old.started_at < now() - interval '60 days'
         and exists (select 1 from job_run newer where newer.job = old.job and newer.started_at > old.started_at)
       limit 5000)
""")

Run = Callable[["Context"], Awaitable[str | None]]


class Schedule(Protocol):
    """When a job is due."""

    def latest_tick(self, now: datetime) -> datetime:
        """The newest tick that is not after ``now``."""


@dataclass(frozen=True)
class Every:
    """Ticks at whole multiples of a period."""

    period: timedelta

    def latest_tick(self, now: datetime) -> datetime:
        """The start of the period that ``now`` lies in."""
        seconds = self.period.total_seconds()
        return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)

    def __str__(self) -> str:
        return f"every {self.period}"


@dataclass(frozen=True)
class Daily:
    """One tick a day, at a time in UTC."""

    at: time

    def latest_tick(self, now: datetime) -> datetime:
        """Today's tick, or yesterday's while today's has not come."""
        tick = datetime.combine(now.astimezone(UTC).date(), self.at, UTC)
        return tick if tick <= now else tick - timedelta(days=1)

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M} UTC"


@dataclass(frozen=True)
class Weekly:
    """One tick a week, on a day (0 is Monday) at a time in UTC."""

    weekday: int
    at: time

    def latest_tick(self, now: datetime) -> datetime:
        """This week's tick, or last week's while this week's has not come."""
        today = now.astimezone(UTC).date()
        day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
        tick = datetime.combine(day, self.at, UTC)
        return tick if tick <= now else tick - timedelta(days=7)

    def __str__(self) -> str:
        return f"weekly on {DAYS[self.weekday].capitalize()} at {self.at:%H:%M} UTC"


def every(**period: float) -> Every:
    """A schedule with a fixed period, for example ``every(minutes=10)``."""
    return Every(timedelta(**period))


def daily(at: str) -> Daily:
    """A schedule once a day, ``at`` being HH:MM in UTC."""
    return Daily(time.fromisoformat(at))


def weekly(day: str, at: str) -> Weekly:
    """A schedule once a week, on a day such as ``friday``, ``at`` being HH:MM in UTC."""
    return Weekly(DAYS.index(day), time.fromisoformat(at))


@dataclass(frozen=True)
class Job:
    """Scheduled work: idempotent, since a tick whose process died is run again.

    What ``run`` answers, if anything, is kept as the detail of the run: counts and codes, nothing about a person.
    """

    name: str
    schedule: Schedule
    run: Run


class JobRunner:
    """Runs one service's jobs when they are due, each tick once whatever the number of processes."""

    def __init__(
        self, service: str, jobs: tuple[Job, ...], database: Database, make_context: Callable[[], Context]
    ) -> None:
        self.service, self.jobs = service, jobs
        self._database, self._make_context = database, make_context
        self._seen: dict[str, datetime] = {}

    async def step(self, now: datetime) -> int:
        """Run what is due at the business time ``now``; how many jobs ran."""
        ran = 0
        for job in self.jobs:
            tick = job.schedule.latest_tick(now)
            if self._seen.get(job.name) != tick:
                outcome = await self._run_tick(job, tick)
                ran += outcome is not None
                if outcome == "ok" or (outcome is None and await self._settled(job, tick)):
                    self._seen[job.name] = tick
        return ran

    async def _settled(self, job: Job, tick: datetime) -> bool:
        """Whether nobody needs to look at this tick again: it succeeded, or failed too often."""
        values = {"job": job.name, "tick": tick, "max_attempts": MAX_ATTEMPTS}
        async with self._database.reading(Queries) as queries:
            return bool((await queries.connection.execute(SETTLED, values)).scalar())

    async def run_now(self, name: str) -> str:
        """Run a job by hand, whatever its schedule; ``ok``, ``failed`` or ``already running``.

        Raises KeyError for an unknown name.
        """
        job, tick = {one.name: one for one in self.jobs}[name], real_now()
        async with self._database.writing(Queries) as queries:
            await queries.connection.execute(ONE_BY_HAND, {"job": name})
            if (await queries.connection.execute(RUNNING, {"job": name})).first():
                return "already running"
            attempts = await _take(queries, job, tick)
        return "already running" if attempts is None else await self._run(job, tick, attempts)

    async def latest(self) -> list[dict[str, object]]:
        """The newest run of each job that ever ran."""
        async with self._database.reading(Queries) as queries:
            return [dict(row) for row in await queries.all(LATEST)]

    async def _run_tick(self, job: Job, tick: datetime) -> str | None:
        async with self._database.writing(Queries) as queries:
            attempts = await _take(queries, job, tick)
        return None if attempts is None else await self._run(job, tick, attempts)

    async def _run(self, job: Job, tick: datetime, attempts: int) -> str:
        name, outcome, detail = f"{self.service}.{job.name}", "ok", ""
        lease = {"job": job.name, "tick": tick, "attempts": attempts}
        await failpoint("schedule.after_tick")
        with (
            metrics.job_duration_seconds.labels(name).time(),
            job_span(name),
            bound_correlation(current_correlation_id() or None),
        ):
            try:
                async with self._keeping(lease):
                    detail = await job.run(self._make_context()) or ""
            except asyncio.CancelledError:  # this process stops: another may take the tick at once
                await self._record(GIVE_UP, lease)
                raise
            except Exception as error:  # a job must not stop the others
                outcome, detail = "failed", type(error).__name__
                log.exception("job failed", labels={"job": name})
        await self._record(FINISH, {**lease, "outcome": outcome, "detail": detail, "wait": RETRY_SECONDS * attempts})
        metrics.job_runs_total.labels(name, outcome).inc()
        if outcome == "ok":
            metrics.job_last_success_timestamp_seconds.labels(name).set_to_current_time()
        return outcome

    @contextlib.asynccontextmanager
    async def _keeping(self, lease: Mapping[str, object]) -> AsyncIterator[None]:
        """Renew the lease at a third of its time, so that a long run is not taken for a dead one."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(LEASE_SECONDS / 3)
                with contextlib.suppress(Exception):
                    await self._record(RENEW, {**lease, "lease": LEASE_SECONDS})

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()

    async def _record(self, statement: TextClause, values: Mapping[str, object]) -> None:
        async with self._database.writing(Queries) as queries:
            await queries.connection.execute(statement, values)


async def _take(queries: Queries, job: Job, tick: datetime) -> int | None:
    """Which attempt at the tick this is; None when it is somebody else's, done, or was tried too often."""
    values = {"job": job.name, "tick": tick, "lease": LEASE_SECONDS, "max_attempts": MAX_ATTEMPTS}
    attempts: int | None = (await queries.connection.execute(TAKE, values)).scalar()
    return attempts
