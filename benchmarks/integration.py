"""How fast outside bodies are told: from domain events to notifications, and from notifications to their queues."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import asyncpg
import uvloop

from benchmarks.frame import Benchmark, Beside, Budget, Figure, in_turn
from benchmarks.ground import client, hosted, postgres
from benchmarks.original import LISTENERS, QUEUE, Original
from throughcare import catalogue
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people
from throughcare.services.integration.consumer.model import Configuration, Consumer, default_queue
from throughcare.services.integration.consumer.usecases import register_consumer
from throughcare.services.integration.event_type.model import EVENT_TYPES

ROUNDS, PEOPLE, FEW, FILL, TOGETHER = 4, 300, 150, 500, 100
CONSUMERS = tuple(f"body-{letter}" for letter in "abcde")
QUEUES = tuple(default_queue(name) for name in CONSUMERS)
OURS = "integration_domain_events"
KINDS: tuple[tuple[str, dict[str, object]], ...] = (
    ("probation-case.registration.updated", {"registerTypeCode": "MAPP"}),
    ("probation-case.registration.added", {"registerTypeCode": "RHRH"}),
    ("probation-case.address.created", {}),
    ("person.alert.created", {"alertCode": "XA"}),
    ("person.case-note.created", {}),
    ("incentives.iep-review.inserted", {}),
    ("risk-assessment.scores.rsr.determined", {}),
    ("person.community.manager.allocated", {}),
    ("create-and-vary-a-licence.licence.activated", {}),
    ("prisoner-offender-search.prisoner.updated", {"categoriesChanged": ["LOCATION"]}),
)
WHAT = f"""
{len(KINDS)} kinds of domain events about {PEOPLE} people whom probation and prisoner search know, and
{len(CONSUMERS)} consumers that may be told everything, all services in one process. Storing: the events wait on the
queue of `integration`, whose reaction decides their types, looks people up (warm: everybody was looked up once before)
and stores notifications. Delivering: five minutes later on the business clock, the publisher puts every notification
on the queue of every consumer. Beside them stands the way of the public original (`benchmarks/original.py`): a message
a transaction with its look-ups inside, {LISTENERS} at a time, and notifications sent one by one; and, as a floor for
messages, bare PGMQ receiving and deleting the very messages from the consumers' queues, {TOGETHER} at a time.
"""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

DELIVERY = (
    "By profile, about a quarter of the time stands in the driver's calls to PostgreSQL, about another quarter makes "
    "each message's text and id, and the rest is spread thin. With five messages a notification we already move half "
    "of what bare PGMQ receives and deletes; twenty times this reference would be nearly three quarters of it. The "
    "reference is kind to the original: its single sends cross no network here."
)


def measure(folder: Path) -> list[Figure]:
    """Events stored, notifications delivered and messages put on queues per second."""
    return uvloop.run(_measure(folder))


async def _measure(folder: Path) -> list[Figure]:
    services = catalogue.services(["auth", "probation", "prisoner_search", "integration"])
    with postgres(folder) as dsn:
        connection = await asyncpg.connect(dsn)
        async with (
            hosted(dsn, services, environment="preprod") as host,
            asyncpg.create_pool(dsn, max_size=LISTENERS + 2) as pool,
        ):
            people = await _prepare(host)
            original = Original(pool)
            await original.prepare()
            contenders: dict[str, Callable[[], Awaitable[tuple[float, ...]]]] = {
                "ours": lambda: _ours(host, connection, people),
                "original": lambda: _originals(host, connection, original, people),
            }
            rounds = await in_turn(ROUNDS, contenders)
        await connection.close()
    return _figures(rounds["ours"], rounds["original"])


def _figures(ours: Sequence[tuple[float, ...]], originals: Sequence[tuple[float, ...]]) -> list[Figure]:
    stored, delivered, sent, received = zip(*ours, strict=True)
    stored_then, delivered_then = zip(*originals, strict=True)
    way = "the original's way"
    return [
        Figure("domain events → stored notifications", "events/s", stored, budget=Budget(2000)),
        Figure(
            "domain events → stored notifications, beside the original's way", "events/s", stored,
            Beside(way, stored_then), Budget(20, of_ratio=True),
        ),
        Figure("notifications → 5 consumer queues", "notifications/s", delivered, budget=Budget(3000)),
        Figure(
            "notifications → 5 consumer queues, beside the original's way", "notifications/s", delivered,
            Beside(way, delivered_then), Budget(20, of_ratio=True), because=DELIVERY,
        ),
        Figure(
            "messages put on consumer queues", "messages/s", sent,
            Beside("bare PGMQ, receive and delete", received), Budget(0.333, of_ratio=True),
        ),
    ]  # fmt: skip


async def _prepare(host: Host) -> list[SyntheticPerson]:
    """The people in their registers and the consumers; those who have both identifiers."""
    today = host.topology.clock.today()
    known = (one for one in synthetic_people(PEOPLE * 3, today=today, managers=MANAGERS) if one.crn and one.noms)
    people = list(islice(known, PEOPLE))
    for name in ("probation", "prisoner_search"):
        runtime = host.runtimes[name]
        assert runtime.service.seed is not None
        await runtime.service.seed(runtime.context(), people, lambda _: None)
    everything = Configuration(include=tuple(sorted({f"/{one.path}" for one in EVENT_TYPES})))
    for name in CONSUMERS:
        ctx = host.runtimes["integration"].context()
        await register_consumer(ctx.uow, ctx.bus, Consumer(name, everything, default_queue(name)))
    return people


async def _ours(host: Host, connection: Connection, people: Sequence[SyntheticPerson]) -> tuple[float, ...]:
    """Events, notifications and messages per second, and messages that bare PGMQ receives and deletes."""
    await _store(host, people, KINDS[:1])
    stored = await _store(host, people, KINDS)
    host.topology.clock.advance(timedelta(minutes=6))
    runtime = host.runtimes["integration"]
    [publisher] = runtime.service.workers
    notifications = await _pending(connection)
    if notifications < len(people) * len(KINDS):
        raise RuntimeError(f"only {notifications} notifications were stored")
    started = perf_counter()
    while await publisher.step(runtime.context()) or await _pending(connection):
        pass
    seconds = perf_counter() - started
    messages, received = await _receive(connection)
    if messages != notifications * len(CONSUMERS):
        raise RuntimeError(f"{notifications} notifications became {messages} messages")
    return stored, notifications / seconds, messages / seconds, received


async def _store(
    host: Host, people: Sequence[SyntheticPerson], kinds: Sequence[tuple[str, dict[str, object]]]
) -> float:
    """Events per second from the queue to stored notifications."""
    events = [_event(host, person, *kind) for kind in kinds for person in people]
    await _fill(host, OURS, events)
    [consumer] = host.runtimes["integration"].consumers
    started = perf_counter()
    while await consumer.step():
        pass
    return len(events) / (perf_counter() - started)


async def _originals(
    host: Host, connection: Connection, original: Original, people: Sequence[SyntheticPerson]
) -> tuple[float, ...]:
    """Events and notifications per second."""
    events = [_event(host, person, *kind) for person, kind in islice(zip(cycle(people), cycle(KINDS)), FEW)]
    await _fill(host, QUEUE, events)
    async with client(host, "probation", "prisoner_search") as caller:
        started = perf_counter()
        handled = await original.listen(caller)
        stored = handled / (perf_counter() - started)
    if handled != FEW:
        raise RuntimeError(f"{handled} of {FEW} events were handled")
    started = perf_counter()
    published = await original.publish(QUEUES)
    delivered = published / (perf_counter() - started)
    await _receive(connection)
    return stored, delivered


def _event(host: Host, person: SyntheticPerson, event_type: str, information: dict[str, object]) -> Outgoing:
    identifiers = [{"type": "CRN", "value": person.crn}, {"type": "NOMS", "value": person.noms}]
    body = {
        "eventType": event_type, "version": 1, "eventId": str(new_id()),
        "occurredAt": (host.topology.clock.now() - timedelta(minutes=1)).isoformat(),
        "personReference": {"identifiers": identifiers}, "additionalInformation": information,
    }  # fmt: skip
    return Outgoing(str(body["eventId"]), json.dumps(body), {"eventType": event_type})


async def _fill(host: Host, queue: str, events: Sequence[Outgoing]) -> None:
    for start in range(0, len(events), FILL):
        answers = await host.bus.send(queue, events[start : start + FILL])
        if not all(one.ok for one in answers):
            raise RuntimeError("the bus refused an event")


async def _pending(connection: Connection) -> int:
    """Notifications that some consumer has not got yet."""
    return int(
        await connection.fetchval("""
            select (select count(*) from integration.notification where distributed_at is null)
                 + (select count(distinct notification_id) from integration.delivery where delivered_at is null)
        """)
    )


async def _receive(connection: Connection) -> tuple[int, float]:
    """Empty the consumers' queues by bare PGMQ; how many messages, and how many a second."""
    started, done = perf_counter(), 0
    for queue in QUEUES:
        while rows := await connection.fetch("select * from pgmq.read($1, 30, $2)", queue, TOGETHER):
            await connection.fetch("select pgmq.delete($1, $2::bigint[])", queue, [row["msg_id"] for row in rows])
            done += len(rows)
    return done, done / (perf_counter() - started)


BENCHMARK = Benchmark("integration", WHAT, measure)
