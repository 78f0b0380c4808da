"""How fast events leave the outbox for the bus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import asyncpg
import uvloop
from tests.sample import ThingMade

from benchmarks.frame import Benchmark, Beside, Figure, in_turn
from benchmarks.ground import SAMPLE, hosted, postgres
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.outbox.relay import BATCH

ROUNDS, MANY, FEW = 4, 4000, 300
QUEUE = "sample_domain_events"
WHAT = f"""
Events of as many aggregates wait in the outbox of one service, whose topic has one subscriber. In batches, the relay
claims, publishes and marks up to {BATCH} of them at a time; singly, one event waits when the relay looks. Only the
relay's work is timed. Beside it stand `pgmq.send_batch` with as many messages at once, and `pgmq.send`, each committed.
"""


def measure(folder: Path) -> list[Figure]:
    """Events per second in batches and singly."""
    return uvloop.run(_measure(folder))


async def _measure(folder: Path) -> list[Figure]:
    with postgres(folder) as dsn:
        connection = await asyncpg.connect(dsn)
        async with hosted(dsn, [SAMPLE]) as host:
            messages = await _wire_forms(host, connection)
            contenders: dict[str, Callable[[], Awaitable[float]]] = {
                "batch": lambda: _relay_in_batches(host, connection),
                "send_batch": lambda: _send_in_batches(connection, messages),
                "single": lambda: _relay_singly(host, connection),
                "send": lambda: _send_singly(connection, messages),
            }
            rates = await in_turn(ROUNDS, contenders)
        await connection.close()
    return [
        Figure("outbox → bus, in batches", "events/s", rates["batch"], Beside("pgmq.send_batch", rates["send_batch"])),
        Figure("outbox → bus, singly", "events/s", rates["single"], Beside("pgmq.send", rates["send"])),
    ]


async def _append(host: Host, count: int) -> None:
    async with host.runtimes["sample"].context().uow as uow:
        for _ in range(count):
            uow.publish(ThingMade(thing_id=new_id(), name="a thing"))


async def _wire_forms(host: Host, connection: asyncpg.Connection[asyncpg.Record]) -> list[tuple[str, str]]:
    """Body and headers of as many events as a batch holds, as the relay puts them on the queue."""
    await _append(host, BATCH)
    await host.runtimes["sample"].relay.step()
    rows = await connection.fetch(f"select message::text as body, headers::text as headers from pgmq.q_{QUEUE}")
    await _empty(connection)
    return [(row["body"], row["headers"]) for row in rows]


async def _empty(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    await connection.execute(f"truncate sample.outbox; truncate pgmq.q_{QUEUE}")


async def _relay_in_batches(host: Host, connection: asyncpg.Connection[asyncpg.Record]) -> float:
    for _ in range(MANY // 500):
        await _append(host, 500)
    started, done = perf_counter(), 0
    while sent := await host.runtimes["sample"].relay.step():
        done += sent
    seconds = perf_counter() - started
    await _empty(connection)
    return done / seconds


async def _relay_singly(host: Host, connection: asyncpg.Connection[asyncpg.Record]) -> float:
    seconds, done = 0.0, 0
    for _ in range(FEW):
        await _append(host, 1)
        started = perf_counter()
        done += await host.runtimes["sample"].relay.step()
        seconds += perf_counter() - started
    await _empty(connection)
    return done / seconds


async def _send_in_batches(connection: asyncpg.Connection[asyncpg.Record], messages: list[tuple[str, str]]) -> float:
    bodies, headers = [body for body, _ in messages], [one for _, one in messages]
    started = perf_counter()
    for _ in range(MANY // BATCH):
        await connection.fetch("select pgmq.send_batch($1, $2::jsonb[], $3::jsonb[])", QUEUE, bodies, headers)
    seconds = perf_counter() - started
    await _empty(connection)
    return MANY / seconds


async def _send_singly(connection: asyncpg.Connection[asyncpg.Record], messages: list[tuple[str, str]]) -> float:
    started = perf_counter()
    for number in range(FEW):
        body, headers = messages[number % BATCH]
        await connection.fetch("select pgmq.send($1, $2::jsonb, $3::jsonb)", QUEUE, body, headers)
    seconds = perf_counter() - started
    await _empty(connection)
    return FEW / seconds


BENCHMARK = Benchmark("relay", WHAT, measure)
