"""Servers that go away and come back: what a bus says meanwhile, and that it heals by itself."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from tests.conformance.brokers import Broker, PostgresBroker
from throughcare.kit.messaging.bus import Bus, BusUnavailable, Outgoing, QueueSpec, Received

SPEC = QueueSpec("steady", visibility=30)
TOPIC = "outages"
MESSAGE = Outgoing("k", "body", {"eventType": "a.b.created"})


async def set_up(bus: Bus) -> None:
    """The queue and the topic of these tests."""
    await bus.create_queue(SPEC)
    await bus.create_queue(QueueSpec("steady_too"))
    await bus.create_topic(TOPIC)
    await bus.subscribe(TOPIC, SPEC.name, {})


async def check_round_trip(bus: Bus) -> None:
    """Publish, wait for it, acknowledge."""
    assert [sent.ok for sent in await bus.publish(TOPIC, [MESSAGE])] == [True]
    messages = await bus.receive(SPEC.name, wait=5)
    assert messages
    await bus.acknowledge(messages)
    depth = await bus.depth(SPEC.name)
    assert (depth.visible, depth.inflight) == (0, 0)


async def check_unavailable(bus: Bus, message: Received) -> None:
    """Every kind of operation says that the bus cannot be reached."""
    answers = await asyncio.gather(
        bus.publish(TOPIC, [MESSAGE, MESSAGE]),
        bus.send(SPEC.name, [MESSAGE]),
        bus.receive(SPEC.name, wait=1),
        bus.acknowledge([message]),
        bus.release(message),
        bus.extend([message], 5),
        bus.dead_letter(message, "permanent"),
        bus.dead(SPEC.name),
        bus.redrive(SPEC.name),
        bus.purge(SPEC.name),
        bus.depth(SPEC.name),
        bus.create_queue(SPEC),
        bus.create_topic("another"),
        bus.subscribe(TOPIC, SPEC.name, {}),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [BusUnavailable] * 14


async def until_listening(broker: PostgresBroker, bus: Bus) -> None:
    """Wait until the bus has its connection for LISTEN again; it has a few seconds."""
    async with asyncio.timeout(5):
        while not await broker.listeners():
            await bus.receive("steady_too", wait=0.05)


async def test_a_bus_survives_its_server_going_away_and_coming_back(broker: Broker, bus: Bus) -> None:
    await set_up(bus)
    await bus.publish(TOPIC, [MESSAGE])
    [message] = await bus.receive(SPEC.name)
    await bus.send(SPEC.name, [Outgoing("kept", "kept")])
    waiting = asyncio.create_task(bus.receive("steady_too", wait=20))
    done, _ = await asyncio.wait([waiting], timeout=0.2)
    assert not done
    broker.take_down()
    with pytest.raises(BusUnavailable):
        await waiting
    await check_unavailable(bus, message)
    await broker.bring_up()
    if broker.keeps_messages:
        assert [kept.body for kept in await bus.receive(SPEC.name)] == ["kept"]
        assert await bus.purge(SPEC.name) == 2
    else:
        await set_up(bus)
    await check_round_trip(bus)


async def test_starting_while_the_server_is_away_is_refused_and_can_be_tried_again(broker: Broker) -> None:
    late = broker.bus()
    with pytest.raises(BusUnavailable):
        await late.depth(SPEC.name)
    broker.take_down()
    with pytest.raises(BusUnavailable):
        await late.start()
    await broker.bring_up()
    await late.start()
    await set_up(late)
    await check_round_trip(late)
    await late.close()
    await late.close()
    with pytest.raises(BusUnavailable):
        await late.depth(SPEC.name)


async def test_closing_ends_a_receive_that_waits(broker: Broker) -> None:
    own = broker.bus()
    await own.start()
    await set_up(own)
    waiting = asyncio.create_task(own.receive(SPEC.name, wait=20))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    await own.close()
    with pytest.raises(BusUnavailable):
        await waiting


async def test_terminated_connections_are_replaced_before_the_next_call(broker: Broker, bus: Bus) -> None:
    if not isinstance(broker, PostgresBroker):
        pytest.skip("there are no sessions to terminate")
    await set_up(bus)
    await asyncio.gather(*(bus.depth(SPEC.name) for _ in range(8)))
    for _ in range(3):
        assert await broker.terminate_connections() >= 1
        await check_round_trip(bus)


async def test_a_receive_that_waits_is_woken_again_after_its_connection_was_terminated(
    broker: Broker, bus: Bus
) -> None:
    if not isinstance(broker, PostgresBroker):
        pytest.skip("there are no sessions to terminate")
    await set_up(bus)
    await until_listening(broker, bus)
    waiting = asyncio.create_task(bus.receive(SPEC.name, wait=20))
    done, _ = await asyncio.wait([waiting], timeout=0.2)
    assert not done
    assert await broker.terminate_connections() >= 2
    await until_listening(broker, bus)
    assert not waiting.done()
    before = monotonic()
    await bus.publish(TOPIC, [MESSAGE])
    assert len(await waiting) == 1
    assert monotonic() - before < 1
