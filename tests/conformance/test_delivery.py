"""Queues: loans and leases, waiting and waking, counts."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from tests.conformance.conftest import MakeQueue
from throughcare.kit.messaging.bus import Bus, Outgoing, QueueSpec, Received, UnknownQueue


async def one(bus: Bus, queue: str, wait: float = 0.0) -> Received:
    """The only message that can be had."""
    [message] = await bus.receive(queue, wait=wait)
    return message


async def send(bus: Bus, queue: str, *bodies: str) -> None:
    """Send one message for each body, which is its key as well."""
    assert all(sent.ok for sent in await bus.send(queue, [Outgoing(body, body) for body in bodies]))


async def test_a_sent_message_is_received_as_it_was_sent(bus: Bus, queue: str) -> None:
    [sent] = await bus.send(queue, [Outgoing("k", "body", {"eventType": "a.b.created", "traceparent": "00-ab"})])
    message = await one(bus, queue)
    assert (message.queue, message.body, message.receives) == (queue, "body", 1)
    assert message.attributes == {"eventType": "a.b.created", "traceparent": "00-ab"}
    assert (sent.key, sent.message_id, sent.error) == ("k", message.message_id, None)
    assert abs(datetime.now(UTC) - message.sent_at) < timedelta(minutes=1)


async def test_an_attribute_with_an_empty_value_is_not_carried(bus: Bus, queue: str) -> None:
    await bus.send(queue, [Outgoing("k", "body", {"eventType": "a.b.created", "tracestate": ""})])
    assert (await one(bus, queue)).attributes == {"eventType": "a.b.created"}


async def test_a_message_on_loan_is_hidden_until_its_visibility_ends(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(visibility=1)
    await send(bus, queue, "a")
    first = await one(bus, queue)
    assert await bus.receive(queue) == []
    second = await one(bus, queue, wait=4)
    assert (second.message_id, second.receives, second.body) == (first.message_id, 2, "a")
    assert second.receipt != first.receipt


async def test_a_visibility_of_a_fraction_of_a_second_is_kept(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(visibility=0.2)
    await send(bus, queue, "a")
    assert (await one(bus, queue)).receives == 1
    assert (await one(bus, queue, wait=4)).receives == 2


async def test_an_acknowledged_message_does_not_come_back(bus: Bus, make_queue: MakeQueue) -> None:
    queue, another = await make_queue(), await make_queue()
    await send(bus, queue, "a", "b")
    await send(bus, another, "c")
    messages = [*await bus.receive(queue), *await bus.receive(another)]
    assert sorted(message.body for message in messages) == ["a", "b", "c"]
    await bus.acknowledge(messages)
    await bus.acknowledge(messages)
    await bus.acknowledge([])
    depths = [await bus.depth(name) for name in (queue, another)]
    assert [(depth.visible, depth.inflight) for depth in depths] == [(0, 0), (0, 0)]


async def test_a_lost_lease_can_do_nothing(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(visibility=1)
    await send(bus, queue, "a")
    lost = await one(bus, queue)
    held = await one(bus, queue, wait=4)
    await bus.extend([held], 30)
    await bus.acknowledge([lost])
    await bus.release(lost)
    await bus.extend([lost], 0)
    await bus.dead_letter(lost, "permanent", "too late")
    assert await bus.receive(queue) == []
    assert await bus.dead(queue) == []
    assert (await bus.depth(queue)).inflight == 1
    await bus.acknowledge([held])
    assert (await bus.depth(queue)).inflight == 0


async def test_a_released_message_is_received_again_at_once(bus: Bus, queue: str) -> None:
    await send(bus, queue, "a")
    await bus.release(await one(bus, queue))
    assert (await one(bus, queue, wait=2)).receives == 2


async def test_a_message_released_with_a_delay_comes_back_after_it(bus: Bus, queue: str) -> None:
    await send(bus, queue, "a")
    message = await one(bus, queue)
    before = monotonic()
    await bus.release(message, delay=1)
    assert await bus.receive(queue) == []
    assert (await one(bus, queue, wait=4)).receives == 2
    assert 0.9 < monotonic() - before < 2.5


async def test_an_extended_message_stays_hidden(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(visibility=1)
    await send(bus, queue, "a", "b")
    messages = await bus.receive(queue)
    await bus.extend(messages, 30)
    assert await bus.receive(queue, wait=1) == []
    await bus.extend(messages, 0)
    assert [again.receives for again in await bus.receive(queue)] == [2, 2]


async def test_two_consumers_never_hold_the_same_message(bus: Bus, other_bus: Bus, queue: str) -> None:
    bodies = [str(number) for number in range(120)]
    await send(bus, queue, *bodies)
    held: list[str] = []

    async def consume(own: Bus) -> None:
        while messages := await own.receive(queue, limit=7):
            held.extend(message.body for message in messages)
            await own.acknowledge(messages)

    await asyncio.gather(*(consume(own) for own in (bus, other_bus) * 3))
    assert sorted(held, key=int) == bodies


async def test_more_than_ten_messages_are_received_at_once(bus: Bus, queue: str) -> None:
    await send(bus, queue, *(f"{number:02}" for number in range(25)))
    received = await bus.receive(queue, limit=24)
    assert len({message.message_id for message in received}) == 24
    assert len(await bus.receive(queue, limit=24)) == 1


async def test_a_waiting_receive_wakes_when_another_process_sends(bus: Bus, other_bus: Bus, queue: str) -> None:
    waiting = asyncio.create_task(bus.receive(queue, wait=20))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    before = monotonic()
    await send(other_bus, queue, "a")
    [message] = await waiting
    assert message.body == "a"
    assert monotonic() - before < 1


async def test_a_waiting_receive_wakes_when_another_process_releases(bus: Bus, other_bus: Bus, queue: str) -> None:
    await send(bus, queue, "a")
    message = await one(other_bus, queue)
    waiting = asyncio.create_task(bus.receive(queue, wait=20))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    before = monotonic()
    await other_bus.release(message)
    assert [again.receives for again in await waiting] == [2]
    assert monotonic() - before < 1


async def test_an_empty_queue_gives_nothing_after_the_wait(bus: Bus, queue: str) -> None:
    before = monotonic()
    assert await bus.receive(queue, wait=1) == []
    assert 0.9 < monotonic() - before < 2.5


async def test_the_depth_counts_what_waits_what_is_on_loan_and_what_is_dead(bus: Bus, queue: str) -> None:
    empty = await bus.depth(queue)
    assert (empty.visible, empty.inflight, empty.dead, empty.oldest_seconds) == (0, 0, 0, 0.0)
    await send(bus, queue, "a", "b", "c", "d")
    first, _second = await bus.receive(queue, limit=2)
    await bus.dead_letter(first, "permanent")
    depth = await bus.depth(queue)
    assert (depth.visible, depth.inflight, depth.dead) == (2, 1, 1)
    assert math.isnan(depth.oldest_seconds) or 0 < depth.oldest_seconds < 60
    assert (await bus.depth(QueueSpec(queue).dlq)).visible == 1


async def test_purging_empties_a_queue_and_tells_how_many_there_were(bus: Bus, queue: str) -> None:
    await send(bus, queue, "a", "b", "c")
    [first] = await bus.receive(queue, limit=1)
    assert await bus.purge(queue) == 3
    await bus.release(first)
    assert await bus.receive(queue) == []
    await send(bus, queue, "d")
    dead = await one(bus, queue)
    await bus.dead_letter(dead, "permanent")
    assert await bus.purge(QueueSpec(queue).dlq) == 1
    assert (await bus.depth(queue)).dead == 0


async def test_creating_a_queue_again_keeps_its_messages_and_applies_new_limits(
    bus: Bus, other_bus: Bus, queue: str
) -> None:
    await send(bus, queue, "a")
    await asyncio.gather(*(own.create_queue(QueueSpec(queue, 1, 1)) for own in (bus, other_bus)))
    assert (await one(bus, queue)).body == "a"
    assert await bus.receive(queue, wait=1) == []
    assert [letter.reason for letter in await bus.dead(queue)] == ["exhausted"]


async def test_an_unknown_queue_is_an_error_of_its_own(bus: Bus, topic: str, queue: str) -> None:
    message = Outgoing("k", "body")
    lost = Received("no_such_queue", "1", "1:1", "body", {}, 1, datetime.now(UTC))
    for attempt in (
        bus.send("no_such_queue", [message]),
        bus.receive("no_such_queue"),
        bus.receive("no-such queue"),
        bus.acknowledge([lost]),
        bus.depth("no_such_queue"),
        bus.purge("no_such_queue"),
        bus.dead("no_such_queue"),
        bus.redrive("no_such_queue"),
        bus.subscribe(topic, "no_such_queue", {}),
        bus.subscribe("no_such_topic", queue, {}),
        bus.publish("no_such_topic", [message]),
    ):
        with pytest.raises(UnknownQueue):
            await attempt
    await bus.unsubscribe("no_such_topic", "no_such_queue")


@pytest.mark.parametrize(
    ("name", "max_receives", "visibility"),
    [("Upper", 5, 30), ("a-b", 5, 30), ("x" * 44, 5, 30), ("a_dlq", 5, 30), ("a", 0, 30), ("a", 5, 0)],
)
def test_a_queue_with_a_wrong_name_or_limit_is_refused(name: str, max_receives: int, visibility: float) -> None:
    with pytest.raises(ValueError, match=name):
        QueueSpec(name, max_receives, visibility)
