"""Each event once in effect: duplicates, failures, poison and death between two steps change nothing of that."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID

import pytest

from tests.sample import ThingMade, ThingRenamed
from tests.service.kit.conftest import Small
from throughcare.kit import failpoints
from throughcare.kit.failpoints import FailpointReached
from throughcare.kit.ids import new_id
from throughcare.kit.inbox.consume import Consumer
from throughcare.kit.messaging.bus import Outgoing
from throughcare.kit.messaging.envelope import DomainEvent
from throughcare.kit.upkeep import retry_dead_letters

QUEUE = "sample_domain_events"
EFFECTS = "select name from sample.effect order by name"
INBOX = "select outcome, attempts, processed_at, parked_at from sample.inbox where event_id = $1"


@pytest.fixture(autouse=True)
async def empty(small: Small) -> None:
    await small.host.bus.purge(QUEUE)
    await small.host.bus.purge(f"{QUEUE}_dlq")
    await small.fetch("with gone as (delete from sample.effect) delete from sample.inbox returning 1")


def consumer(small: Small) -> Consumer:
    return small.runtime.consumers[0]


async def send(small: Small, event: DomainEvent, *, event_id: UUID | None = None, copies: int = 1) -> UUID:
    """Put an event on the queue as a publisher would; its id."""
    number = event_id or new_id()
    wire = event.envelope(number, small.runtime.producer, small.runtime.clock.now(), "")
    await raw(small, json.dumps(wire), event.event_type, copies=copies)
    return number


async def raw(small: Small, body: str, event_type: str | None = None, *, copies: int = 1) -> None:
    attributes = {"eventType": event_type} if event_type else {}
    await small.host.bus.send(QUEUE, [Outgoing(str(place), body, attributes) for place in range(copies)])


def made(name: str, thing: UUID | None = None) -> ThingMade:
    return ThingMade(thing_id=thing or new_id(), name=name)


def renamed(name: str) -> ThingRenamed:
    return ThingRenamed(thing_id=new_id(), name=name)


async def drain(small: Small) -> None:
    while await consumer(small).step():
        pass


async def names(small: Small) -> list[object]:
    return [row["name"] for row in await small.fetch(EFFECTS)]


async def dead(small: Small) -> list[tuple[str, str]]:
    return [(one.reason, one.detail) for one in await small.host.bus.dead(QUEUE)]


@pytest.mark.parametrize("event", [made("again"), renamed("again")], ids=["singly", "in a batch"])
async def test_copies_of_an_event_have_one_effect(small: Small, event: DomainEvent) -> None:
    await send(small, event, copies=5)
    await drain(small)
    assert await names(small) == ["again"]
    assert (await small.host.bus.depth(QUEUE)).visible == 0


async def test_a_copy_that_comes_much_later_has_no_effect(small: Small) -> None:
    number = await send(small, made("once"))
    await drain(small)
    await send(small, made("once"), event_id=number)
    await drain(small)
    assert await names(small) == ["once"]


@pytest.mark.parametrize("event", [made("survivor"), renamed("survivor")], ids=["singly", "in a batch"])
@pytest.mark.parametrize("point", ["uow.after_begin", "consume.after_inbox", "uow.after_state", "uow.before_commit"])
async def test_an_effect_that_failed_before_its_commit_happens_later(
    small: Small, monkeypatch: pytest.MonkeyPatch, point: str, event: DomainEvent
) -> None:
    number = await send(small, event)
    with monkeypatch.context() as armed:
        armed.setattr(failpoints, "_active", {point: ("raise", 1.0)})
        await consumer(small).step()
    assert await names(small) == []
    assert (await small.fetch(INBOX, number))[0]["processed_at"] is None
    await drain(small)
    assert await names(small) == ["survivor"]


@pytest.mark.parametrize("point", ["uow.after_commit", "consume.after_effect"])
async def test_dying_after_the_commit_has_no_second_effect(
    small: Small, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    await send(small, made("done"))
    with monkeypatch.context() as armed:
        armed.setattr(failpoints, "_active", {point: ("raise", 1.0)})
        await consumer(small).step()
    assert await names(small) == ["done"]
    await drain(small)
    assert await names(small) == ["done"]
    assert await dead(small) == []


async def test_a_failure_is_tried_as_often_as_the_queue_allows_then_dead_lettered(small: Small) -> None:
    number = await send(small, made("retry"))
    await drain(small)
    assert await dead(small) == [("exhausted", "again on purpose")]
    [row] = await small.fetch(INBOX, number)
    assert (row["attempts"], row["processed_at"]) == (5, None)
    assert await names(small) == []


async def test_an_event_that_can_never_be_handled_is_dead_at_once(small: Small) -> None:
    number = await send(small, made("reject"))
    await drain(small)
    assert await dead(small) == [("permanent", "rejected on purpose")]
    assert (await small.fetch(INBOX, number))[0]["attempts"] == 1


async def test_poison_in_a_batch_takes_nobody_with_it(small: Small) -> None:
    for name in ("one", "poison", "two"):
        await send(small, renamed(name))
    await drain(small)
    assert await names(small) == ["one", "two"]
    assert await dead(small) == [("permanent", "poison")]


async def test_an_event_whose_fields_are_not_readable_is_dead_and_its_content_stays_out_of_the_reason(
    small: Small,
) -> None:
    wire = made("x").envelope(new_id(), small.runtime.producer, small.runtime.clock.now(), "")
    wire["additionalInformation"] = {"thingId": "Jo Bloggs, born 1990", "name": "x"}
    await raw(small, json.dumps(wire), "sample.thing.created")
    await drain(small)
    [(reason, detail)] = await dead(small)
    assert reason == "permanent"
    assert "Bloggs" not in detail
    assert "thing_id" in detail


@pytest.mark.parametrize(
    ("body", "event_type", "reason"),
    [
        ("not json", "sample.thing.created", "malformed"),
        ("[1, 2]", "sample.thing.created", "malformed"),
        ("[" * 100_000, "sample.thing.created", "malformed"),
        ('{"eventType": "sample.thing.created"}', "sample.thing.created", "malformed"),
        ('{"eventType": "sample.thing.created", "occurredAt": "yesterday"}', "sample.thing.created", "malformed"),
        ('{"eventType": "sample.thing.created", "occurredAt": "2024-03-04T12:00:00"}', None, "malformed"),
        (
            '{"eventType": "sample.thing.changed", "occurredAt": "2024-03-04T12:00:00Z"}', "sample.thing.created",
            "attribute-mismatch",
        ),
    ],
    ids=["text", "array", "deep", "no time", "no date", "no offset", "mismatch"],
)  # fmt: skip
async def test_what_is_no_event_becomes_a_dead_letter_with_its_reason(
    small: Small, body: str, event_type: str | None, reason: str
) -> None:
    await raw(small, body, event_type)
    await drain(small)
    assert [one for one, _ in await dead(small)] == [reason]


async def test_an_event_that_nobody_reads_is_acknowledged(small: Small) -> None:
    await raw(small, '{"eventType": "some.other.created", "occurredAt": "2024-03-04T12:00:00Z"}', "some.other.created")
    await drain(small)
    assert await dead(small) == []
    assert (await small.host.bus.depth(QUEUE)).visible == 0


async def test_an_event_wrapped_by_sns_and_one_with_nine_digits_of_a_second_are_read(small: Small) -> None:
    wire = made("wrapped").envelope(new_id(), small.runtime.producer, small.runtime.clock.now(), "")
    wire["occurredAt"] = "2024-03-04T12:00:00.123456789+01:00"
    wrapped = {
        "Type": "Notification", "MessageId": str(new_id()), "Message": json.dumps(wire),
        "MessageAttributes": {"eventType": {"Type": "String", "Value": "sample.thing.created"}},
    }  # fmt: skip
    await raw(small, json.dumps(wrapped))
    await drain(small)
    assert await names(small) == ["wrapped"]


async def test_events_without_an_id_are_told_apart_by_what_they_say(small: Small) -> None:
    for name in ("first", "first", "second"):
        wire = made(name, UUID(int=1)).envelope(new_id(), small.runtime.producer, small.runtime.clock.now(), "")
        wire |= {"occurredAt": "2024-03-04T12:00:00Z"}
        del wire["eventId"]
        await raw(small, json.dumps(wire), "sample.thing.created")
    await drain(small)
    assert await names(small) == ["first", "second"]


async def test_an_event_with_nothing_to_do_is_on_record(small: Small) -> None:
    number = await send(small, made("ignore"))
    await drain(small)
    assert (await small.fetch(INBOX, number))[0]["outcome"] == "nothing-to-do"


async def test_dead_letters_are_tried_in_three_rounds_then_parked_until_a_person_retries(small: Small) -> None:
    number = await send(small, made("retry"))
    for _ in range(3):
        await drain(small)
        assert await retry_dead_letters(small.runtime, QUEUE) == 1
    await drain(small)
    assert await retry_dead_letters(small.runtime, QUEUE) == 0
    assert (await small.fetch(INBOX, number))[0]["parked_at"] is not None
    [letter] = await small.host.bus.dead(QUEUE)
    path = f"/queue-admin/dlq/{QUEUE}_dlq/messages/{letter.message_id}/retry"
    assert (await small.client("ROLE_QUEUE_ADMIN").post(path)).status_code == 200
    assert (await small.fetch(INBOX, number))[0]["parked_at"] is None
    assert (await small.host.bus.depth(QUEUE)).visible == 1


async def test_two_consumers_of_one_queue_share_it(small: Small) -> None:
    for number in range(40):
        await send(small, made(f"shared-{number:02}"))
    other = Consumer(
        small.runtime.service.subscriptions[0], small.host.bus, small.runtime.database, small.runtime.reaction_context
    )
    while sum(await asyncio.gather(consumer(small).step(), other.step())):
        pass
    assert await names(small) == [f"shared-{number:02}" for number in range(40)]


async def test_a_reaction_has_one_transaction(small: Small) -> None:
    context = small.runtime.context()
    async with context.uow:
        with pytest.raises(RuntimeError, match="do not nest"):
            async with context.uow:
                pass


async def test_an_acknowledgement_that_is_lost_costs_a_duplicate_delivery_only(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(small, made("acknowledged twice"))
    with monkeypatch.context() as armed:
        armed.setattr(failpoints, "_active", {"consume.after_receive": ("raise", 1.0)})
        with pytest.raises(FailpointReached):
            await consumer(small).step()
    await small.fetch(f"update pgmq.q_{QUEUE} set vt = now() returning 1")
    await drain(small)
    assert await names(small) == ["acknowledged twice"]
