"""What is committed is published, in order per aggregate, whatever fails between; what is not, is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

import pytest

from tests.sample import ThingMade, ThingRenamed, make_thing, rename_thing
from tests.service.kit.conftest import Small
from throughcare.kit import failpoints
from throughcare.kit.db import UnitOfWork
from throughcare.kit.failpoints import FailpointReached
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import BusUnavailable, Outgoing, Sent
from throughcare.kit.outbox.relay import MAX_ATTEMPTS, Relay, backoff

BODY = "select payload ->> 'eventType' as type, published_at, attempts, dead_at, last_error from sample.outbox"
NOW = "update sample.outbox set available_at = now(), claimed_until = null where published_at is null returning 1"


class Deaf:
    """A bus that refuses what its test names, and remembers what it was given."""

    topic_system = "none"

    def __init__(self, refuse: Sequence[str] = (), away: bool = False) -> None:
        self.refuse, self.away, self.heard = refuse, away, list[str]()

    async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
        if self.away:
            raise BusUnavailable("gone")
        names = [json.loads(one.body)["additionalInformation"]["name"] for one in messages]
        self.heard += names
        return [
            Sent(one.key, error="no room" if name in self.refuse else None)
            for one, name in zip(messages, names, strict=True)
        ]


def relay(small: Small, bus: Deaf) -> Relay:
    return Relay(small.runtime.database, bus, small.runtime.clock, "sample")  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
async def empty(small: Small) -> None:
    await small.fetch("delete from sample.outbox returning 1")


async def test_a_change_that_is_rolled_back_announces_nothing(small: Small) -> None:
    with pytest.raises(RuntimeError, match="no"):
        await _change_and_fail(small.runtime.context().uow)
    assert await small.fetch(BODY) == []


async def _change_and_fail(uow: UnitOfWork) -> None:
    async with uow:
        uow.publish(ThingMade(thing_id=new_id(), name="never"))
        raise RuntimeError("no")


@pytest.mark.parametrize("point", ["uow.after_begin", "uow.after_state", "uow.after_outbox", "uow.before_commit"])
async def test_dying_before_the_commit_leaves_neither_state_nor_event(
    small: Small, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setattr(failpoints, "_active", {point: ("raise", 1.0)})
    with pytest.raises(FailpointReached):
        await make_thing(small.runtime.context().uow, point)
    assert await small.fetch(BODY) == []
    assert await small.fetch("select 1 from sample.thing where name = $1", point) == []


async def test_dying_after_the_commit_keeps_both(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failpoints, "_active", {"uow.after_commit": ("raise", 1.0)})
    with pytest.raises(FailpointReached):
        await make_thing(small.runtime.context().uow, "kept")
    assert len(await small.fetch(BODY)) == 1
    assert len(await small.fetch("select 1 from sample.thing where name = 'kept'")) == 1


async def test_dying_between_publishing_and_marking_publishes_the_same_event_again(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_thing(small.runtime.context().uow, "twice")
    bus = Deaf()
    with monkeypatch.context() as armed:
        armed.setattr(failpoints, "_active", {"relay.after_publish": ("raise", 1.0)})
        with pytest.raises(FailpointReached):
            await relay(small, bus).step()
    assert await relay(small, bus).step() == 0, "the dead relay's lease holds"
    await small.fetch(NOW)
    assert await relay(small, bus).step() == 1
    assert bus.heard == ["twice", "twice"]


async def test_one_aggregates_events_leave_in_order_even_when_the_first_is_refused(small: Small) -> None:
    thing = await make_thing(small.runtime.context().uow, "first")
    await rename_thing(small.runtime.context().uow, thing, "second", 1)
    await make_thing(small.runtime.context().uow, "other")
    bus = Deaf(refuse=["first"])
    while await relay(small, bus).step():
        pass
    assert sorted(bus.heard) == ["first", "other"], "second waits for first"
    bus.refuse = ()
    while await small.fetch(NOW) and await relay(small, bus).step():
        pass
    assert bus.heard[-2:] == ["first", "second"]


async def test_each_entry_of_a_batch_is_judged_by_itself(small: Small) -> None:
    for name in ("good", "bad", "fine"):
        await make_thing(small.runtime.context().uow, name)
    assert await relay(small, Deaf(refuse=["bad"])).step() == 2
    [left] = [row for row in await small.fetch(BODY) if row["published_at"] is None]
    assert left["last_error"] == "no room"
    assert left["attempts"] == 1


async def test_a_bus_that_is_away_costs_an_attempt_and_nothing_else(small: Small) -> None:
    await make_thing(small.runtime.context().uow, "patient")
    assert await relay(small, Deaf(away=True)).step() == 0
    [row] = await small.fetch(BODY)
    assert (row["published_at"], row["last_error"]) == (None, "BusUnavailable")


async def test_an_event_is_given_up_after_twenty_attempts_and_can_be_revived(small: Small) -> None:
    await make_thing(small.runtime.context().uow, "hopeless")
    deaf = relay(small, Deaf(refuse=["hopeless"]))
    for _ in range(MAX_ATTEMPTS):
        await small.fetch(NOW)
        await deaf.step()
    assert (await deaf.state()).dead == 1
    assert await deaf.step() == 0
    assert await deaf.revive() == 1
    assert await relay(small, Deaf()).step() == 1


async def test_two_relays_share_the_work_without_publishing_twice(small: Small) -> None:
    for number in range(30):
        await make_thing(small.runtime.context().uow, f"shared-{number}")
    bus = Deaf()
    one, other = relay(small, bus), relay(small, bus)
    assert await one.step() + await other.step() == 30
    assert len(set(bus.heard)) == len(bus.heard) == 30


async def test_a_late_relay_cannot_mark_what_another_has_claimed(small: Small) -> None:
    await make_thing(small.runtime.context().uow, "late")

    class Slow(Deaf):
        async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
            await small.fetch("update sample.outbox set claimed_by = 'another' returning 1")
            return await super().publish(topic, messages)

    await relay(small, Slow()).step()
    [row] = await small.fetch(BODY)
    assert row["published_at"] is None


async def test_published_events_are_kept_for_a_fortnight(small: Small) -> None:
    for name in ("old", "young"):
        await make_thing(small.runtime.context().uow, name)
    relaying = relay(small, Deaf())
    await relaying.step()
    await small.fetch("""
        update sample.outbox set published_at = now() - interval '15 days'
         where payload #>> '{additionalInformation,name}' = 'old' returning 1""")
    assert await relaying.clean() == 1
    assert len(await small.fetch(BODY)) == 1


async def test_an_event_too_large_to_travel_is_refused_with_its_change(small: Small) -> None:
    with pytest.raises(ValueError, match="larger than"):
        await make_thing(small.runtime.context().uow, "x" * 70_000)
    assert await small.fetch("select 1 from sample.thing where length(name) > 60000") == []


async def test_many_events_together_may_be_larger_than_one_may(small: Small) -> None:
    async with small.runtime.context().uow as uow:
        for _ in range(5):
            uow.publish(ThingMade(thing_id=new_id(), name="y" * 20_000))
    large = await small.fetch("select 1 from sample.outbox where length(payload::text) > 20000")
    assert len(large) == 5


async def test_the_wire_carries_the_whole_envelope(small: Small) -> None:
    thing = await make_thing(small.runtime.context().uow, "whole")
    await small.runtime.relay.step()
    [message] = await small.host.bus.receive("sample_domain_events", limit=10)
    body = json.loads(message.body)
    assert UUID(body["eventId"]).version == 7
    assert body["eventType"] == "sample.thing.created" == message.attributes["eventType"]
    assert body["additionalInformation"] == {"thingId": str(thing), "name": "whole"}
    assert {"version", "occurredAt", "publishedAt", "description", "detailUrl", "source"} <= body.keys()
    await small.host.bus.acknowledge([message])


def test_waiting_doubles_up_to_five_minutes() -> None:
    assert [round(backoff(n) / 2 ** (n - 1)) for n in range(1, 7)] == [1] * 6
    assert all(240 <= backoff(30) <= 360 for _ in range(50))


def test_an_event_needs_a_known_name_and_key() -> None:
    with pytest.raises(TypeError, match="name of an event"):
        type("Bad", (ThingRenamed,), {}, type="sample.thing.rename", key="thing_id", description="No")
    with pytest.raises(TypeError, match="key"):
        type("Bad", (ThingRenamed,), {}, type="sample.thing.moved", key="nobody", description="No")
