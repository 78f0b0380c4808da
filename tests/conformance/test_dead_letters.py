"""Dead letters: how messages get there, and how they leave."""

from __future__ import annotations

from datetime import timedelta

from tests.conformance.brokers import Broker
from tests.conformance.conftest import MakeQueue
from throughcare.kit.messaging.bus import Bus, Outgoing


async def bury(bus: Bus, queue: str, *bodies: str) -> None:
    """Send a message for each body and make it a dead letter."""
    for body in bodies:
        await bus.send(queue, [Outgoing(body, body, {"eventType": "a.b.created"})])
        [message] = await bus.receive(queue)
        await bus.dead_letter(message, "permanent", f"about {body}")


async def test_a_message_received_too_often_becomes_a_dead_letter(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(max_receives=2)
    await bus.send(queue, [Outgoing("k", "poison", {"eventType": "a.b.created"})])
    for receives in (1, 2):
        [message] = await bus.receive(queue)
        assert message.receives == receives
        await bus.release(message)
    await bus.send(queue, [Outgoing("k", "good")])
    [good] = await bus.receive(queue, limit=1)
    assert good.body == "good"
    [letter] = await bus.dead(queue)
    assert (letter.queue, letter.body, letter.reason) == (queue, "poison", "exhausted")
    assert letter.attributes == {"eventType": "a.b.created"}
    assert abs(letter.sent_at - message.sent_at) < timedelta(seconds=0.1)
    assert (await bus.depth(queue)).dead == 1


async def test_messages_that_are_all_exhausted_do_not_hide_a_good_one(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(max_receives=1)
    await bus.send(queue, [Outgoing(str(number), "poison") for number in range(12)])
    for message in await bus.receive(queue, limit=12):
        await bus.release(message)
    await bus.send(queue, [Outgoing("k", "good")])
    assert [message.body for message in await bus.receive(queue, limit=5)] == ["good"]
    assert (await bus.depth(queue)).dead == 12


async def test_a_message_is_dead_lettered_with_its_reason(bus: Bus, queue: str) -> None:
    await bus.send(queue, [Outgoing("k", "body é", {"eventType": "a.b.created", "traceparent": "00-ab"})])
    [message] = await bus.receive(queue)
    await bus.dead_letter(message, "attribute-mismatch", "attribute and body differ")
    [letter] = await bus.dead(queue)
    assert (letter.body, letter.reason, letter.detail) == (
        "body é",
        "attribute-mismatch",
        "attribute and body differ",
    )
    assert letter.attributes == {"eventType": "a.b.created", "traceparent": "00-ab"}
    assert abs(letter.sent_at - message.sent_at) < timedelta(seconds=0.1)
    depth = await bus.depth(queue)
    assert (depth.visible, depth.inflight, depth.dead) == (0, 0, 1)


async def test_a_published_message_keeps_body_and_attributes_as_a_dead_letter(
    broker: Broker, bus: Bus, topic: str, queue: str
) -> None:
    await bus.subscribe(topic, queue, {})
    await bus.publish(topic, [Outgoing("k", '{"a": 1}', {"eventType": "a.b.created"})])
    [message] = await bus.receive(queue)
    await bus.dead_letter(message, "malformed")
    [letter] = await bus.dead(queue)
    assert (letter.body, letter.attributes, letter.detail) == (message.body, {"eventType": "a.b.created"}, "")
    assert await bus.redrive(queue) == 1
    [again] = await bus.receive(queue)
    assert broker.body(again) == '{"a": 1}'
    assert (again.attributes, again.receives) == ({"eventType": "a.b.created"}, 1)


async def test_a_detail_with_any_characters_and_length_is_no_obstacle(bus: Bus, queue: str) -> None:
    attributes = {f"name{number}": "x" for number in range(10)}
    await bus.send(queue, [Outgoing("k", "body", attributes)])
    [message] = await bus.receive(queue)
    await bus.dead_letter(message, "permanent", "a\0b\ud800" + "é" * 5_000)
    [letter] = await bus.dead(queue)
    assert (letter.reason, letter.body) == ("permanent", "body")
    assert len(letter.detail) <= 1_000


async def test_looking_at_dead_letters_moves_nothing(bus: Bus, queue: str) -> None:
    await bury(bus, queue, "a", "b", "c")
    first_look = await bus.dead(queue)
    assert [letter.body for letter in first_look] == ["a", "b", "c"]
    assert await bus.dead(queue) == first_look
    assert len(await bus.dead(queue, limit=2)) == 2
    assert (await bus.depth(queue)).dead == 3


async def test_redriving_moves_every_dead_letter_back_with_a_fresh_count(bus: Bus, make_queue: MakeQueue) -> None:
    queue = await make_queue(max_receives=1)
    await bury(bus, queue, "a", "b")
    assert await bus.redrive(queue) == 2
    assert await bus.dead(queue) == []
    messages = await bus.receive(queue)
    assert sorted((one.body, one.receives) for one in messages) == [("a", 1), ("b", 1)]
    assert [one.attributes for one in messages] == [{"eventType": "a.b.created"}] * 2
    await bus.dead_letter(messages[0], "exhausted", "again")
    assert [(letter.reason, letter.detail) for letter in await bus.dead(queue)] == [("exhausted", "again")]
    assert await bus.redrive(queue) == 1
    assert await bus.redrive(queue) == 0


async def test_redriving_some_leaves_the_others(bus: Bus, queue: str) -> None:
    await bury(bus, queue, "a", "b", "c")
    by_body = {letter.body: letter.message_id for letter in await bus.dead(queue)}
    assert await bus.redrive(queue, [by_body["b"], "1234567890", "no such id"]) == 1
    assert [message.body for message in await bus.receive(queue)] == ["b"]
    assert [letter.body for letter in await bus.dead(queue)] == ["a", "c"]
    assert await bus.redrive(queue, [by_body["b"]]) == 0
    assert await bus.redrive(queue, []) == 0


async def test_dropping_dead_letters_deletes_those_named(bus: Bus, queue: str) -> None:
    await bury(bus, queue, "a", "b", "c")
    by_body = {letter.body: letter.message_id for letter in await bus.dead(queue)}
    assert await bus.drop_dead(queue, [by_body["a"], by_body["c"], "1234567890"]) == 2
    assert [letter.body for letter in await bus.dead(queue)] == ["b"]
    assert await bus.drop_dead(queue, [by_body["a"]]) == 0
    assert await bus.receive(queue) == []
