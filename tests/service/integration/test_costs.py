"""What telling costs: statements and calls are counted by the batch, never by the event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.conformance.brokers import EmulatorBroker
from tests.service.integration.telling import opened_case, prison, publish, registered, room_changed
from tests.world import World
from throughcare.kit.db.database import counting_statements
from throughcare.kit.messaging.aws import AwsBus
from throughcare.kit.telemetry.metrics import REGISTRY
from throughcare.services.integration.delivery import usecases
from throughcare.services.integration.notification.model import Notification, coalesce
from throughcare.services.integration.notification.store import NotificationStore

PEERS = ("probation", "prisoner_search")
BATCH = 500


def calls() -> dict[str, float]:
    """How many calls each peer has had."""
    found = dict.fromkeys(PEERS, 0.0)
    for family in REGISTRY.collect():
        if family.name == "http_client_request_duration_seconds":
            for sample in family.samples:
                if sample.name.endswith("_count") and sample.labels["peer"] in found:
                    found[sample.labels["peer"]] += sample.value
    return found


async def handled(world: World) -> tuple[int, dict[str, float]]:
    """Handle what waits in one batch; how many statements and calls that took."""
    before = calls()
    (reader,) = world.host.runtimes["integration"].consumers
    with counting_statements() as noted:
        assert await reader.step()
    own = [one for one in noted if "probation." not in one and "prisoner_search." not in one]
    return len(own), {peer: count - before[peer] for peer, count in calls().items()}


async def stored(world: World, count: int) -> None:
    """As many notifications, whose time has come, of as many prisons."""
    ctx = world.context("integration")
    made = [
        Notification(None, "PRISON_CAPACITY_CHANGED", f"/v1/prison/{code}/capacity", code, "UNKNOWN", ())
        for code in (prison() for _ in range(count))
    ]
    async with ctx.new_uow() as uow:
        await uow.store(NotificationStore).add(coalesce(made), now=uow.now, delay=timedelta())


async def waiting(world: World, consumer: str) -> bool:
    """Whether something is still to be sent to a consumer."""
    return bool(
        await world.fetch("select 1 from integration.delivery where consumer = $1 and delivered_at is null", consumer)
    )


@pytest.fixture(scope="module")
async def sqs() -> AsyncIterator[AwsBus]:
    """A bus on an emulator of SNS and SQS."""
    broker = EmulatorBroker()
    await broker.bring_up()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        bus = broker.bus()
        assert isinstance(bus, AwsBus)
        await bus.start()
        yield bus
        await bus.close()
    broker.take_down()


async def test_a_batch_costs_the_same_however_many_events_it_holds(world: World) -> None:
    crns = [await opened_case(world) for _ in range(3)]
    await world.drain()
    world.clock.advance(timedelta(minutes=10))
    await world.drain()
    costs = []
    for size in (1, 1, BATCH):  # the first warms up tokens and connections
        for number in range(size):
            event = "probation-case.registration.updated"
            await publish(world, event, crn=crns[number % 3], noms=f"A{number:04}ZZ", registerTypeCode="MAPP")
        costs.append(await handled(world))
    assert costs[1] == costs[2]
    statements, made = costs[2]
    assert statements <= 6
    assert made == {"probation": 1, "prisoner_search": 1}


async def test_events_that_fail_alone_leave_the_others_their_one_transaction(world: World) -> None:
    crn = await opened_case(world)
    await world.drain()
    counts = []
    for strangers in (0, 5):
        for number in range(50):
            unknown = number < strangers
            await publish(
                world, "probation-case.registration.updated", crn="X999997" if unknown else crn, registerTypeCode="MAPP"
            )
        (reader,) = world.host.runtimes["integration"].consumers
        with counting_statements() as noted:
            await reader.step()
        counts.append(len([one for one in noted if "insert into notification" in one]))
    assert counts == [1, 1]


async def test_distributing_costs_the_same_however_much_is_due(world: World) -> None:
    await registered(world, "cheap-body", queueName=None)
    counts = []
    for size in (1, BATCH):
        await stored(world, size)
        with counting_statements() as noted:
            made = await usecases.distribute(world.context("integration"))
        assert made.notifications == size
        counts.append(len(noted))
    assert counts[0] == counts[1] <= 7


@pytest.mark.long
async def test_a_thousand_notifications_take_a_hundred_and_ten_calls_of_sqs_at_most(world: World, sqs: AwsBus) -> None:
    runtime = world.host.runtimes["integration"]
    pgmq, runtime.bus = runtime.bus, sqs
    try:
        await registered(world, "sqs-body")
        await stored(world, 1000)
        made: list[str] = []
        sqs._queues._sqs.meta.events.register("before-send.sqs", lambda request, **_: made.append(request.url))
        await usecases.publish(world.context("integration"))
        while await waiting(world, "sqs-body"):
            await usecases.publish(world.context("integration"))
        depth = await sqs.depth("consumer_sqs_body")
    finally:
        runtime.bus = pgmq
    assert depth.visible == 1000
    assert 100 <= len(made) - 2 <= 110  # the last two ask for the depth


async def test_slow_look_ups_hold_no_transaction_open(world: World) -> None:
    crn = await opened_case(world)
    await publish(world, "probation-case.registration.updated", crn=crn, registerTypeCode="MAPP")
    (reader,) = world.host.runtimes["integration"].consumers
    probation = world.host.topology.apps["probation"]
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: object, receive: object, send: object) -> None:
        reached.set()
        await go_on.wait()
        await probation(scope, receive, send)

    gateway = world.host.runtimes["integration"].gateway
    transport = gateway.client("probation")._transport
    transport.app = slow  # type: ignore[attr-defined]
    try:
        step = asyncio.create_task(reader.step())
        await asyncio.wait_for(reached.wait(), 10)
        (row,) = await world.fetch(
            "select count(*) as open from pg_stat_activity where application_name = 'throughcare-integration'"
            " and state like 'idle in transaction%'"
        )
        go_on.set()
        await step
    finally:
        transport.app = probation  # type: ignore[attr-defined]
    assert row["open"] == 0
    await room_changed(world, prison())
