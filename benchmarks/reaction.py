"""From a commit to the reaction that it causes, in a system that is idle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import asyncpg
import uvloop
from tests.sample import Made, Things, make_thing

from benchmarks.frame import Benchmark, Beside, Budget, Figure, in_turn, percentile
from benchmarks.ground import SAMPLE, hosted, postgres
from throughcare import catalogue
from throughcare.kit.context import Context
from throughcare.kit.host import Host
from throughcare.kit.inbox.reactions import reaction, subscription

ROUNDS, EVENTS, WARM_UP, PAUSE = 4, 100, 20, 0.02
WHAT = """
All services and a sample one run in one process as in `throughcare up`, with their relays, consumers and jobs. An
event is committed; once its reaction has started, the next follows 20 ms later. The time runs from the return of the
commit to the first line of the reaction: notification, relay, topic, queue, consumer. Beside it stands what PostgreSQL
alone needs: a transaction that sends straight to a queue of PGMQ and notifies, and a listener that then reads it.
"""

Latencies = Callable[[int], Awaitable[list[float]]]


def measure(folder: Path) -> list[Figure]:
    """Median and 99th percentile of the way from commit to reaction."""
    return uvloop.run(_measure(folder))


async def _measure(folder: Path) -> list[Figure]:
    started: asyncio.Queue[float] = asyncio.Queue()

    @reaction(Made)
    async def on_made(event: Made, ctx: Context) -> None:
        started.put_nowait(perf_counter())
        async with ctx.uow as uow:
            row = {"event_id": event.event_id, "thing_id": event.thing_id, "name": event.name}
            await uow.store(Things).note([row])

    service = replace(SAMPLE, subscriptions=[subscription("sample", [on_made])])
    with postgres(folder) as dsn:
        services = [*catalogue.services(), service]
        async with hosted(dsn, services, work=True) as host, _bare(dsn) as bare:
            await _through_the_system(host, started, WARM_UP)
            contenders: dict[str, Callable[[], Awaitable[list[float]]]] = {
                "ours": lambda: _through_the_system(host, started, EVENTS),
                "bare": lambda: bare(EVENTS),
            }
            rounds = await in_turn(ROUNDS, contenders)
    return [_figure(rounds, 50, Budget(10, at_most=True)), _figure(rounds, 99, Budget(50, at_most=True))]


def _figure(rounds: dict[str, list[list[float]]], percent: int, budget: Budget) -> Figure:
    ours, bare = ([percentile(one, percent) * 1000 for one in rounds[name]] for name in ("ours", "bare"))
    name = f"commit → reaction starts, idle, p{percent}"
    return Figure(name, "ms", ours, Beside("bare send, notify, read", bare), budget)


async def _through_the_system(host: Host, started: asyncio.Queue[float], events: int) -> list[float]:
    found = []
    for _ in range(events):
        await make_thing(host.runtimes["sample"].context().uow, "a thing")
        committed = perf_counter()
        found.append(await started.get() - committed)
        await asyncio.sleep(PAUSE)
    return found


@asynccontextmanager
async def _bare(dsn: str) -> AsyncIterator[Latencies]:
    """One connection sends and notifies in a transaction, another listens and reads."""
    sender, reader = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    heard = asyncio.Event()
    await sender.execute("select pgmq.create('bare')")
    await reader.add_listener("bare", lambda *_: heard.set())

    async def latencies(events: int) -> list[float]:
        found = []
        for _ in range(events):
            heard.clear()
            async with sender.transaction():
                await sender.execute("""select pgmq.send('bare', '{"thing": 1}')""")
                await sender.execute("notify bare")
            committed = perf_counter()
            await heard.wait()
            [row] = await reader.fetch("select msg_id from pgmq.read('bare', 30, 1)")
            found.append(perf_counter() - committed)
            await reader.execute("select pgmq.delete('bare', $1::bigint)", row["msg_id"])
            await asyncio.sleep(PAUSE)
        return found

    try:
        yield latencies
    finally:
        await sender.close()
        await reader.close()


BENCHMARK = Benchmark("reaction", WHAT, measure)
