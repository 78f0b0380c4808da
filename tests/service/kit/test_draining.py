"""A process that is told to stop: what is under way finishes, nothing new begins, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

import httpx2
import pytest

from tests import sample
from tests.sample import Made, Things, make_thing
from tests.service.kit.conftest import Small
from throughcare.cli.server import listen, serve_and_drain
from throughcare.kit.context import Context
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.inbox.reactions import reaction, subscription
from throughcare.kit.jobs.schedule import Job, every
from throughcare.kit.service import Service
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router


@dataclass
class Process:
    """The sample service with a slow route, a slow reaction and a slow job, served as the command line serves."""

    host: Host
    url: str
    serving: asyncio.Task[None]
    gates: Gates

    async def ask(self, path: str) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=self.url, timeout=20) as client:
            return await client.post(path, headers=self.headers)

    async def draining(self) -> None:
        """Returns once the process has heard that it is to stop: it takes no new connection."""
        async with asyncio.timeout(10):
            while await self._is_open():
                pass

    async def _is_open(self) -> bool:
        try:
            async with httpx2.AsyncClient(base_url=self.url) as client:
                return (await client.get("/ping")).status_code == 200
        except httpx2.ConnectError:
            return False

    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Gates:
    """What has begun, and whether it may end."""

    request: asyncio.Event = field(default_factory=asyncio.Event)
    reaction: asyncio.Event = field(default_factory=asyncio.Event)
    job: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)


def slow_service(gates: Gates) -> Service:
    router = Router()

    @router.post("/slow", roles=["ROLE_SAMPLE"], status=201)
    async def slow(ctx: Ctx) -> str:
        gates.request.set()
        await gates.open.wait()
        return str(await make_thing(ctx.uow, "made while stopping"))

    @reaction(Made)
    async def on_made(event: Made, ctx: Context) -> None:
        async with ctx.uow as uow:
            await uow.store(Things).note([{"event_id": event.event_id, "thing_id": event.thing_id, "name": event.name}])
            gates.reaction.set()
            await gates.open.wait()

    async def chore(_: Context) -> None:
        gates.job.set()
        await gates.open.wait()

    return Service(
        name="sample", path="/sample", title="Sample", package="tests.sample", routers=lambda: [router],
        publishes=sample.SERVICE.publishes, subscriptions=[subscription("sample", [on_made], delays=(0,))],
        jobs=[Job(f"chore-{new_id().hex}", every(hours=1), chore)],
    )  # fmt: skip


Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def start(small: Small) -> AsyncIterator[Start]:
    """Starts a process that drains for ``seconds``."""
    begun: list[Process] = []

    async def make(seconds: float = 10.0) -> Process:
        gates, listening = Gates(), listen("127.0.0.1", 0)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/sample"
        ready: asyncio.Future[Host] = asyncio.get_running_loop().create_future()

        async def serve() -> None:
            async with Host([slow_service(gates)], small.make(), work=True) as host:
                await serve_and_drain(host.app, host, listening, ready=lambda: ready.set_result(host), seconds=seconds)

        serving = asyncio.create_task(serve())
        process = Process(await ready, url, serving, gates, dict(small.client("ROLE_SAMPLE").headers))
        begun.append(process)
        return process

    yield make
    for process in begun:
        process.gates.open.set()
        process.serving.cancel()
        await asyncio.gather(process.serving, return_exceptions=True)


@asynccontextmanager
async def busy(process: Process) -> AsyncIterator[asyncio.Task[httpx2.Response]]:
    """A request, a reaction and a job are under way."""
    runtime = process.host.runtimes["sample"]
    await make_thing(runtime.context().uow, "cause of a reaction")
    request = asyncio.create_task(process.ask("/slow"))
    async with asyncio.timeout(15):
        for begun in (process.gates.request, process.gates.reaction, process.gates.job):
            await begun.wait()
    yield request
    await asyncio.gather(request, return_exceptions=True)


async def effects(small: Small, name: str) -> int:
    return len(await small.fetch("select 1 from sample.effect where name = $1", name))


async def test_sigterm_lets_request_reaction_and_job_finish_and_begins_nothing_new(small: Small, start: Start) -> None:
    before = await effects(small, "cause of a reaction")
    process = await start()
    async with busy(process) as request:
        os.kill(os.getpid(), signal.SIGTERM)
        await process.draining()
        assert not process.serving.done()
        assert not request.done()
        process.gates.open.set()
        assert (await request).status_code == 201
        await asyncio.wait_for(process.serving, 10)
    assert await effects(small, "cause of a reaction") == before + 1
    jobs = await small.fetch(
        "select outcome from sample.job_run where job like 'chore-%' order by started_at desc limit 1"
    )
    assert [one["outcome"] for one in jobs] == ["ok"]
    # what the last request caused waits in the outbox for the next process
    assert await small.fetch("select 1 from sample.outbox where published_at is null")
    await small.host.drain()
    assert await effects(small, "made while stopping") == 1


async def test_what_does_not_finish_in_time_is_given_up_whole_and_another_process_may_have_it_at_once(
    small: Small, start: Start
) -> None:
    await small.host.drain()
    before = await effects(small, "cause of a reaction")
    process = await start(seconds=1.0)
    async with busy(process) as request:
        began = perf_counter()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(process.serving, 10)
        assert 0.9 < perf_counter() - began < 5.0
        assert ((await request).status_code, (await request).json()["errorCode"]) == (503, "UNAVAILABLE")
    assert await effects(small, "cause of a reaction") == before
    assert not await small.fetch("select 1 from sample.thing where name = 'made while stopping again'")
    await small.host.drain()
    assert await effects(small, "cause of a reaction") == before + 1


async def test_a_second_interrupt_stops_at_once(start: Start) -> None:
    process = await start(seconds=20.0)
    async with busy(process) as request:
        began = perf_counter()
        os.kill(os.getpid(), signal.SIGINT)
        await process.draining()
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.wait_for(process.serving, 10)
        assert perf_counter() - began < 5.0
        process.gates.open.set()
        await asyncio.gather(request, return_exceptions=True)
