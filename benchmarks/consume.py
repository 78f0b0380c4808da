"""How fast a queue is read and its events have their effect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import asyncpg
import uvloop
from tests.sample import ThingMade, ThingRenamed, on_made, on_renamed

from benchmarks.frame import Benchmark, Beside, Figure, in_turn
from benchmarks.ground import SAMPLE, hosted, postgres
from throughcare.kit.clock import real_now
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.inbox.reactions import Subscription
from throughcare.kit.messaging.bus import Outgoing, QueueSpec
from throughcare.kit.messaging.envelope import DomainEvent, Producer

ROUNDS, MANY, FEW, FILL = 4, 4000, 1000, 500
SINGLE, BATCH = "sample_singly", "sample_in_batches"
AT_ONCE, TOGETHER = 8, on_renamed.batch
WHAT = f"""
Events wait on a queue; the consumer receives them, and a reaction writes a row for each in the transaction of its inbox
entry, whose commit the acknowledgement follows. A batch reaction takes up to {TOGETHER} in one transaction; a single
one has a transaction for each, {AT_ONCE} at a time. Beside it stands bare PGMQ: read {TOGETHER} and delete them, and
read one and delete it on {AT_ONCE} connections at a time: no inbox, no effect, no parsing.
"""


def measure(folder: Path) -> list[Figure]:
    """Events per second in batches and singly."""
    return uvloop.run(_measure(folder))


async def _measure(folder: Path) -> list[Figure]:
    queues = [
        Subscription(QueueSpec(SINGLE), (on_made,), concurrency=AT_ONCE),
        Subscription(QueueSpec(BATCH), (on_renamed,)),
    ]
    service = replace(SAMPLE, subscriptions=queues)
    with postgres(folder) as dsn:
        async with hosted(dsn, [service]) as host, asyncpg.create_pool(dsn) as pool:
            contenders: dict[str, Callable[[], Awaitable[float]]] = {
                "batch": lambda: _consume(host, pool, BATCH, ThingRenamed, MANY),
                "bare batch": lambda: _read_and_delete(host, pool, BATCH, ThingRenamed, MANY, TOGETHER, at_once=1),
                "single": lambda: _consume(host, pool, SINGLE, ThingMade, FEW),
                "bare single": lambda: _read_and_delete(host, pool, SINGLE, ThingMade, FEW, 1, at_once=AT_ONCE),
            }
            rates = await in_turn(ROUNDS, contenders)
    return [
        Figure(
            "queue → effect, batch reaction", "events/s", rates["batch"],
            Beside("pgmq.read, pgmq.delete of 100", rates["bare batch"]),
        ),
        Figure(
            "queue → effect, single reaction", "events/s", rates["single"],
            Beside("pgmq.read, pgmq.delete of 1", rates["bare single"]),
        ),
    ]  # fmt: skip


async def _fill(host: Host, queue: str, kind: type[ThingMade] | type[ThingRenamed], count: int) -> None:
    producer = Producer("sample", "http://localhost")
    for _ in range(count // FILL):
        await host.bus.send(queue, [_outgoing(kind(thing_id=new_id(), name="a thing"), producer) for _ in range(FILL)])


def _outgoing(event: DomainEvent, producer: Producer) -> Outgoing:
    event_id = new_id()
    body = json.dumps(event.envelope(event_id, producer, real_now(), ""))
    return Outgoing(str(event_id), body, {"eventType": event.event_type})


async def _consume(
    host: Host, pool: asyncpg.Pool[asyncpg.Record], queue: str, kind: type[ThingMade] | type[ThingRenamed], count: int
) -> float:
    await _fill(host, queue, kind, count)
    [consumer] = [one for one in host.runtimes["sample"].consumers if one.queue == queue]
    started = perf_counter()
    while await consumer.step():
        pass
    seconds = perf_counter() - started
    effects = await pool.fetchval("select count(*) from sample.effect")
    await pool.execute(f"truncate sample.effect, sample.inbox, pgmq.q_{queue}")
    return int(effects) / seconds


async def _read_and_delete(
    host: Host, pool: asyncpg.Pool[asyncpg.Record], queue: str, kind: type[ThingMade] | type[ThingRenamed],
    count: int, together: int, *, at_once: int,
) -> float:  # fmt: skip
    await _fill(host, queue, kind, count)

    async def work() -> int:
        done = 0
        async with pool.acquire() as connection:
            while rows := await connection.fetch("select * from pgmq.read($1, 30, $2)", queue, together):
                ids = [row["msg_id"] for row in rows]
                await connection.fetch("select pgmq.delete($1, $2::bigint[])", queue, ids)
                done += len(ids)
        return done

    started = perf_counter()
    done = sum(await asyncio.gather(*(work() for _ in range(at_once))))
    seconds = perf_counter() - started
    await pool.execute(f"truncate pgmq.q_{queue}")
    return done / seconds


BENCHMARK = Benchmark("consume", WHAT, measure)
