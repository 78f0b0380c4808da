"""Topics: who is handed what, what is refused, and what arrives unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from tests.conformance.brokers import Broker, EmulatorBroker
from tests.conformance.conftest import MakeQueue
from throughcare.kit.messaging.bus import MAX_BODY_BYTES, Bus, Outgoing, Subscriptions, UnknownQueue

TYPES = (
    "referral.sent",
    "referral.assigned",
    "appointment.attended",
)
AWKWARD = 'é漢🙂 "quoted" \\back\\slash\\u0041 </tag>&amp;\t\r\n\u007f\u2028\ufeff'


async def publish_each(bus: Bus, topic: str) -> None:
    """One message of each type, and one without a type."""
    messages = [Outgoing(kind, kind, {"eventType": kind, "source": "prison"}) for kind in TYPES]
    sent = await bus.publish(topic, [*messages, Outgoing("none", "none", {"source": "probation"})])
    assert [(one.key, one.ok) for one in sent] == [(kind, True) for kind in (*TYPES, "none")]


async def bodies(broker: Broker, bus: Bus, queue: str) -> list[str]:
    """What the queue was handed, sorted."""
    return sorted(broker.body(message) for message in await bus.receive(queue, limit=20))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, [*TYPES, "none"]),
        ({"eventType": ["referral.sent", "referral.ended"]}, ["referral.sent"]),
        ({"eventType": [{"prefix": "referral."}]}, ["referral.sent", "referral.assigned"]),
        ({"eventType": [{"suffix": "ed"}]}, ["referral.assigned", "appointment.attended"]),
        ({"eventType": [{"anything-but": "referral.sent"}]}, ["referral.assigned", "appointment.attended"]),
        ({"eventType": [{"anything-but": ["referral.sent", "referral.assigned"]}]}, ["appointment.attended"]),
        ({"eventType": [{"anything-but": {"prefix": "referral."}}]}, ["appointment.attended"]),
        ({"eventType": [{"exists": True}]}, list(TYPES)),
        ({"eventType": [{"exists": False}]}, ["none"]),
        ({"eventType": ["referral.sent", {"prefix": "app"}]}, ["referral.sent", "appointment.attended"]),
        ({"eventType": [{"prefix": "referral."}], "source": ["probation"]}, []),
        ({"eventType": [{"exists": False}], "source": ["probation"]}, ["none"]),
    ],
)
async def test_a_queue_is_handed_what_its_policy_matches(
    broker: Broker,
    bus: Bus,
    topic: str,
    queue: str,
    policy: Mapping[str, Sequence[object]],
    expected: list[str],
) -> None:
    await bus.subscribe(topic, queue, policy)
    await publish_each(bus, topic)
    assert await bodies(broker, bus, queue) == sorted(expected)


async def test_every_matching_queue_gets_its_own_copy(
    broker: Broker, bus: Bus, topic: str, make_queue: MakeQueue
) -> None:
    first, second, third = [await make_queue() for _ in range(3)]
    await bus.subscribe(topic, first, {"eventType": ["referral.sent"]})
    await bus.subscribe(topic, second, {})
    await publish_each(bus, topic)
    assert await bodies(broker, bus, first) == ["referral.sent"]
    assert await bodies(broker, bus, second) == sorted([*TYPES, "none"])
    assert await bodies(broker, bus, third) == []


async def test_attributes_reach_the_queue(bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {})
    attributes = {"eventType": "referral.sent", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7-01"}
    await bus.publish(topic, [Outgoing("k", "body", attributes)])
    [message] = await bus.receive(queue)
    assert message.attributes == attributes


async def test_subscribing_again_replaces_the_policy(broker: Broker, bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {"eventType": ["referral.sent"]})
    await bus.subscribe(topic, queue, {"eventType": ["referral.assigned"]})
    await publish_each(bus, topic)
    assert await bodies(broker, bus, queue) == ["referral.assigned"]
    await bus.subscribe(topic, queue, {})
    await publish_each(bus, topic)
    assert len(await bus.receive(queue)) == 4


async def test_after_unsubscribing_nothing_is_delivered(bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {})
    await bus.unsubscribe(topic, queue)
    await bus.unsubscribe(topic, queue)
    await publish_each(bus, topic)
    assert await bus.receive(queue) == []


async def test_a_bad_policy_is_refused(bus: Bus, topic: str, queue: str) -> None:
    with pytest.raises(ValueError, match="eventType"):
        await bus.subscribe(topic, queue, {"eventType": []})


async def test_another_process_publishes_by_a_new_subscription_within_a_second(
    bus: Bus, other_bus: Bus, topic: str, queue: str
) -> None:
    await publish_each(other_bus, topic)
    await bus.subscribe(topic, queue, {"eventType": ["referral.sent"]})
    async with asyncio.timeout(4):
        while not await bus.receive(queue, wait=0.2):
            await publish_each(other_bus, topic)


async def test_one_bad_entry_does_not_stop_the_others(broker: Broker, bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {})
    messages = [
        Outgoing("first", "good 1"),
        Outgoing("large", "é" * (MAX_BODY_BYTES // 2) + "x"),
        Outgoing("nul", "a\0b"),
        Outgoing("surrogate", "a\ud800b"),
        Outgoing("empty", ""),
        Outgoing("attribute", "body", {"eventType": "a\0b"}),
        Outgoing("name", "body", {"event type": "a"}),
        Outgoing("many", "body", {f"a{number}": "x" for number in range(11)}),
        Outgoing("last", "good 2"),
    ]
    for sent in (await bus.publish(topic, messages), await bus.send(queue, messages)):
        assert [one.key for one in sent] == [message.key for message in messages]
        assert [one.key for one in sent if one.ok] == ["first", "last"]
        assert [bool(one.error) for one in sent] == [not one.ok for one in sent]
        assert {"a\0b", "a\ud800b"}.isdisjoint(str(one.error) for one in sent)
    received = await bus.receive(queue, limit=20)
    assert len(received) == 4
    for good in ("good 1", "good 2"):
        assert sum(good in message.body for message in received) == 2


async def test_a_batch_of_bad_entries_and_an_empty_batch_send_nothing(bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {})
    assert [sent.ok for sent in await bus.publish(topic, [Outgoing("k", "")])] == [False]
    assert [sent.ok for sent in await bus.send(queue, [Outgoing("k", "")])] == [False]
    assert await bus.publish(topic, []) == []
    assert await bus.send(queue, []) == []
    assert await bus.receive(queue) == []


async def test_the_largest_body_arrives_byte_for_byte(broker: Broker, bus: Bus, topic: str, queue: str) -> None:
    pattern = AWKWARD.encode()
    times, rest = divmod(MAX_BODY_BYTES, len(pattern))
    body = AWKWARD * times + "x" * rest
    assert len(body.encode()) == MAX_BODY_BYTES
    await bus.subscribe(topic, queue, {})
    assert [sent.ok for sent in await bus.send(queue, [Outgoing("direct", body)])] == [True]
    [direct] = await bus.receive(queue)
    assert direct.body == body
    assert [sent.ok for sent in await bus.publish(topic, [Outgoing("topic", body)])] == [True]
    [published] = await bus.receive(queue)
    assert broker.body(published) == body


async def test_large_bodies_travel_in_one_call(bus: Bus, queue: str) -> None:
    large = [Outgoing(str(number), str(number) * 100_000) for number in range(8)]
    assert [sent.ok for sent in await bus.send(queue, large)] == [True] * 8
    assert {len(message.body) for message in await bus.receive(queue)} == {100_000}


async def test_the_same_key_published_twice_is_two_messages(bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {})
    await bus.publish(topic, [Outgoing("same", "body"), Outgoing("same", "body")])
    await bus.publish(topic, [Outgoing("same", "body")])
    received = await bus.receive(queue)
    assert len({message.message_id for message in received}) == 3


async def test_a_long_batch_is_answered_in_order(broker: Broker, bus: Bus, topic: str, queue: str) -> None:
    await bus.subscribe(topic, queue, {})
    keys = [f"key {number:03}" for number in range(105)]
    sent = await bus.publish(topic, [Outgoing(key, key) for key in keys])
    assert [one.key for one in sent if one.ok] == keys
    found: list[str] = []
    while messages := await bus.receive(queue, limit=50):
        found += [broker.body(message) for message in messages]
    assert sorted(found) == keys


async def test_publishing_to_a_topic_that_nobody_reads_is_no_error(bus: Bus, topic: str) -> None:
    assert [sent.ok for sent in await bus.publish(topic, [Outgoing("k", "body")])] == [True]


async def test_a_topic_knows_how_many_queues_listen_and_an_unknown_one_is_told(
    broker: Broker, bus: Bus, topic: str, queue: str, make_queue: MakeQueue
) -> None:
    assert await bus.subscriptions(topic) == Subscriptions(0)
    for one in (queue, await make_queue()):
        await bus.subscribe(topic, one, {})
    counted = 0 if isinstance(broker, EmulatorBroker) else 2  # the emulator answers without counting
    assert await bus.subscriptions(topic) == Subscriptions(counted)
    with pytest.raises(UnknownQueue):
        await bus.subscriptions("no_such_topic")
