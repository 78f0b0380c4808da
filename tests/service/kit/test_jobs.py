"""Work at set times: each tick once whatever the number of processes, taken over when its process dies, run by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.service.kit.conftest import Small
from throughcare.kit import failpoints
from throughcare.kit.context import Context
from throughcare.kit.ids import new_id
from throughcare.kit.jobs import once, schedule
from throughcare.kit.jobs.schedule import DAYS, Job, JobRunner, daily, every, weekly

NOON = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


class Shift:
    """Several processes' runners of one job, which notes each of its runs."""

    def __init__(self, small: Small) -> None:
        self.small, self.name = small, f"job-{new_id().hex[-8:]}"
        self.runs: list[str] = []
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()
        self.error: Exception | None = None

    def runner(self, process: str = "one", run: Callable[[Context], Awaitable[str | None]] | None = None) -> JobRunner:
        async def work(_: Context) -> None:
            self.runs.append(process)
            self.begun.set()
            await self.go_on.wait()
            if self.error is not None:
                raise self.error

        job = Job(self.name, every(hours=1), run or work)
        return JobRunner("sample", (job,), self.small.runtime.database, self.small.runtime.context)

    async def row(self) -> dict[str, object]:
        rows = await self.small.fetch("select * from sample.job_run where job = $1", self.name)
        assert len(rows) == 1
        return rows[0]

    async def let_the_lease_run_out(self) -> None:
        await self.small.fetch(
            "update sample.job_run set lease_until = now() - interval '1 second' where job = $1", self.name
        )


@pytest.fixture
async def shift(small: Small) -> Shift:
    return Shift(small)


async def test_two_processes_never_run_the_same_tick(shift: Shift) -> None:
    runners = [shift.runner(str(number)) for number in range(4)]
    for hours in range(3):
        await asyncio.gather(*(one.step(NOON + hours * HOUR) for one in runners for _ in range(2)))
        assert len(shift.runs) == hours + 1


async def test_nothing_runs_before_its_time_and_a_missed_tick_is_not_made_up_for(shift: Shift) -> None:
    runner = shift.runner()
    assert await runner.step(NOON) == 1
    assert await runner.step(NOON + timedelta(minutes=59)) == 0
    assert await runner.step(NOON + 7 * HOUR) == 1
    assert await runner.step(NOON + 7 * HOUR) == 0


async def test_the_tick_of_a_process_that_died_is_taken_over_when_its_lease_runs_out(
    shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failpoints, "_active", {"schedule.after_tick": ("raise", 1.0)})
    with pytest.raises(failpoints.FailpointReached):
        await shift.runner("dies").step(NOON)
    monkeypatch.setattr(failpoints, "_active", {})
    heir = shift.runner("heir")
    assert await heir.step(NOON) == 0
    await shift.let_the_lease_run_out()
    assert await heir.step(NOON) == 1
    assert (await shift.row())["attempts"] == 2
    assert shift.runs == ["heir"]


async def test_a_process_that_stops_hands_its_tick_on_at_once(shift: Shift) -> None:
    shift.go_on.clear()
    stopping = asyncio.create_task(shift.runner("stops").step(NOON))
    await shift.begun.wait()
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    shift.go_on.set()
    assert await shift.runner("heir").step(NOON) == 1
    assert shift.runs == ["stops", "heir"]


async def test_a_process_that_lost_its_tick_does_not_declare_it_done(shift: Shift) -> None:
    shift.go_on.clear()
    slow = asyncio.create_task(shift.runner("slow").step(NOON))
    await shift.begun.wait()
    shift.begun.clear()
    await shift.let_the_lease_run_out()
    heir = asyncio.create_task(shift.runner("heir").step(NOON))
    await shift.begun.wait()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    row = await shift.row()
    assert (row["attempts"], row["outcome"], row["finished_at"]) == (2, None, None)
    assert await shift.runner("third").step(NOON) == 0
    shift.go_on.set()
    assert await heir == 1
    assert (await shift.row())["outcome"] == "ok"


async def test_a_long_run_keeps_its_lease(shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "LEASE_SECONDS", 0.3)

    async def until_renewed(_: Context) -> None:
        first = (await shift.row())["lease_until"]
        while (await shift.row())["lease_until"] == first:
            pass

    async with asyncio.timeout(10):
        assert await shift.runner(run=until_renewed).step(NOON) == 1


async def test_a_failing_job_is_tried_five_times_and_does_not_stop_the_others(shift: Shift) -> None:
    shift.error = RuntimeError("on purpose")
    runner, other = shift.runner(), Shift(shift.small)
    runner.jobs += other.runner().jobs
    for attempt in range(1, 8):
        await runner.step(NOON)
        row = await shift.row()
        assert (row["outcome"], row["detail"], row["finished_at"]) == ("failed", "RuntimeError", None)
        assert row["attempts"] == min(attempt, 5)
        assert await runner.step(NOON) == 0
        await shift.let_the_lease_run_out()
    assert len(shift.runs) == 5
    assert len(other.runs) == 1


async def test_a_job_that_failed_once_succeeds_on_the_next_try(shift: Shift) -> None:
    shift.error = RuntimeError("once")
    runner = shift.runner()
    await runner.step(NOON)
    shift.error = None
    await shift.let_the_lease_run_out()
    assert await runner.step(NOON) == 1
    assert ((await shift.row())["outcome"], (await shift.row())["attempts"]) == ("ok", 2)


async def test_a_job_can_be_run_by_hand_at_any_time_but_not_twice_at_once(shift: Shift) -> None:
    shift.go_on.clear()
    first = asyncio.create_task(shift.runner().run_now(shift.name))
    await shift.begun.wait()
    assert await shift.runner().run_now(shift.name) == "already running"
    shift.go_on.set()
    assert await first == "ok"
    assert await shift.runner().run_now(shift.name) == "ok"
    assert len(shift.runs) == 2


async def test_of_two_people_who_start_a_job_in_the_same_moment_one_does(shift: Shift) -> None:
    shift.go_on.clear()
    both = [asyncio.create_task(shift.runner().run_now(shift.name)) for _ in range(2)]
    done, waiting = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    assert [one.result() for one in done] == ["already running"]
    shift.go_on.set()
    assert [await one for one in waiting] == ["ok"]


async def test_operators_list_and_run_jobs_over_http(small: Small) -> None:
    client = small.client("ROLE_QUEUE_ADMIN")
    reply = await client.post("/operations/jobs/clean-up/run")
    assert (reply.status_code, reply.json()) == (200, {"outcome": "ok"})
    listed = {one["name"]: one for one in (await client.get("/operations/jobs")).json()}
    assert listed["clean-up"]["outcome"] == "ok"
    assert listed["clean-up"]["schedule"] == "daily at 03:10 UTC"
    assert set(listed) == {"clean-up", "retry-dead-letters"}
    unknown = await client.post("/operations/jobs/nothing/run")
    assert (unknown.status_code, unknown.json()["errorCode"]) == (404, "JOB_NOT_FOUND")
    assert (await small.client("ROLE_CONSOLE__RO").post("/operations/jobs/clean-up/run")).status_code == 403


async def test_the_newest_run_of_each_job_is_kept_and_older_ones_go_after_sixty_days(shift: Shift) -> None:
    runner, database = shift.runner(), shift.small.runtime.database
    for hours in range(3):
        await runner.step(NOON + hours * HOUR)
    await once.begin(database, f"note-{shift.name}", "done once and for all")
    assert await once.done(database, f"note-{shift.name}") is None
    await once.finish(database, f"note-{shift.name}")
    await shift.small.fetch("update sample.job_run set started_at = started_at - interval '61 days'")
    assert await shift.small.runtime.jobs.run_now("clean-up") == "ok"
    rows = await shift.small.fetch("select tick from sample.job_run where job = $1", shift.name)
    assert [one["tick"] for one in rows] == [NOON + 2 * HOUR]
    assert await once.done(database, f"note-{shift.name}") == "done once and for all"
    assert await once.done(database, "never heard of") is None


@given(MOMENTS, st.integers(1, 100_000))
def test_a_period_has_ticks_that_are_whole_multiples_of_it_and_never_in_the_future(now: datetime, seconds: int) -> None:
    tick = every(seconds=seconds).latest_tick(now)
    assert tick <= now < tick + timedelta(seconds=seconds)
    assert int(tick.timestamp()) % seconds == 0


@given(MOMENTS)
def test_a_daily_job_is_due_once_between_two_of_its_times(now: datetime) -> None:
    tick = daily("03:10").latest_tick(now)
    assert tick <= now < tick + timedelta(days=1)
    assert (tick.hour, tick.minute) == (3, 10)


@given(MOMENTS, st.sampled_from(DAYS))
def test_a_weekly_job_is_due_once_between_two_of_its_times(now: datetime, day: str) -> None:
    tick = weekly(day, "19:05").latest_tick(now)
    assert tick <= now < tick + timedelta(days=7)
    assert (f"{tick:%A}".lower(), tick.hour, tick.minute) == (day, 19, 5)


async def test_what_a_job_says_of_its_run_is_kept_with_it(shift: Shift) -> None:
    async def clear_out(_: Context) -> str:
        return "3 deleted"

    assert await shift.runner(run=clear_out).run_now(shift.name) == "ok"
    assert (await shift.row())["detail"] == "3 deleted"
