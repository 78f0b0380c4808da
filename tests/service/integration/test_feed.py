"""The door for those who would rather ask: gap-free, resumable, and only their own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.service.integration.telling import (
    KEEPER,
    after_the_window,
    feed,
    prison,
    prisons_of,
    registered,
    room_changed,
    suspended,
    told,
)
from tests.world import World
from throughcare.services.integration.delivery import jobs, usecases


async def changes(world: World, count: int) -> list[str]:
    """The prisons of so many changes that were told."""
    codes = [prison() for _ in range(count)]
    await room_changed(world, *codes)
    await after_the_window(world)
    return codes


async def test_a_consumer_without_a_queue_reads_page_by_page_and_goes_on_where_it_stopped(world: World) -> None:
    assert (await registered(world, "asking-body", queueName=None))["queueName"] is None
    codes = await changes(world, 5)
    cursor: dict[str, str] = {}
    read: list[dict[str, Any]] = []
    while events := (page := (await feed(world, "asking-body", limit=2, **cursor)).json())["events"]:
        assert [one["cursor"] for one in events] == [str(len(read) + 1 + place) for place in range(len(events))]
        read += events
        cursor = {"after": page["next"]}
    assert sorted(prisons_of(read)) == codes
    assert list(read[0]) == [
        "cursor", "eventId", "hmppsId", "eventType", "prisonId", "url", "lastModifiedDateTime",
    ]  # fmt: skip
    more = await changes(world, 1)
    assert prisons_of((await feed(world, "asking-body", **cursor)).json()["events"]) == more


async def test_both_doors_tell_the_same(world: World) -> None:
    await registered(world, "double-body")
    await changes(world, 3)
    by_feed = (await feed(world, "double-body")).json()["events"]
    by_queue = await told(world, "double-body")
    assert [{key: value for key, value in one.items() if key != "cursor"} for one in by_feed] == by_queue


async def test_a_reader_misses_nothing_while_distributors_commit_side_by_side(world: World) -> None:
    await registered(world, "racing-body", queueName=None)
    codes = [prison() for _ in range(30)]
    await room_changed(world, *codes)
    for consumer in world.host.runtimes["integration"].consumers:
        while await consumer.step():
            pass
    world.clock.advance(timedelta(minutes=6))
    writing = [asyncio.create_task(usecases.distribute(world.context("integration"))) for _ in range(6)]
    cursor = "0"
    read: list[dict[str, Any]] = []
    while len(read) < len(codes):
        page = (await feed(world, "racing-body", after=cursor, limit=3)).json()
        assert [int(one["cursor"]) for one in page["events"]] == list(
            range(len(read) + 1, len(read) + 1 + len(page["events"]))
        )
        read += page["events"]
        cursor = page["next"]
    await asyncio.gather(*writing)
    assert sorted(prisons_of(read)) == codes


async def test_a_cursor_whose_sequel_was_deleted_says_so(world: World) -> None:
    await registered(world, "late-body", queueName=None)
    await changes(world, 2)
    world.clock.advance(timedelta(days=8))
    fresh = await changes(world, 1)
    await jobs.clean(world.context("integration"))
    gone = await feed(world, "late-body", after="1")
    assert (gone.status_code, gone.json()["errorCode"]) == (410, "CURSOR_EXPIRED")
    assert prisons_of((await feed(world, "late-body", after="2")).json()["events"]) == fresh
    assert prisons_of((await feed(world, "late-body")).json()["events"]) == fresh


async def test_a_new_consumer_starts_with_an_empty_page_and_a_cursor(world: World) -> None:
    await registered(world, "new-body")
    assert (await feed(world, "new-body")).json() == {"events": [], "next": "0"}


async def test_an_event_ends_the_wait_for_it(world: World) -> None:
    await registered(world, "patient-body", queueName=None)
    waiting = asyncio.create_task(feed(world, "patient-body", wait=20))
    codes = await changes(world, 1)
    page = (await asyncio.wait_for(waiting, 10)).json()
    assert prisons_of(page["events"]) == codes


async def test_a_suspended_consumer_reads_nothing_and_misses_nothing(world: World) -> None:
    await registered(world, "held-body", queueName=None)
    await suspended(world, "held-body", True)
    codes = await changes(world, 2)
    refused = await feed(world, "held-body")
    assert (refused.status_code, refused.json()["errorCode"]) == (403, "CONSUMER_SUSPENDED")
    await suspended(world, "held-body", False)
    assert sorted(prisons_of((await feed(world, "held-body")).json()["events"])) == codes


async def test_what_a_consumer_may_no_longer_see_is_left_out(world: World) -> None:
    await registered(world, "narrow-body", queueName=None)
    kept, _ = await changes(world, 2)
    await registered(world, "narrow-body", queueName=None, filters={"prisons": [kept]})
    page = (await feed(world, "narrow-body")).json()
    assert (prisons_of(page["events"]), page["next"]) == ([kept], "2")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "9" * 19, "999999", "١"])
async def test_a_cursor_that_was_never_given_is_refused(world: World, after: str) -> None:
    await registered(world, "odd-body")
    reply = await feed(world, "odd-body", after=after)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "CURSOR_INVALID")


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 501}, {"wait": 21}, {"after": "1" * 21}])
async def test_a_page_is_bounded(world: World, params: dict[str, object]) -> None:
    await registered(world, "odd-body")
    assert (await feed(world, "odd-body", **params)).status_code == 400


async def test_only_a_consumer_with_a_feed_may_read_one(world: World) -> None:
    await registered(world, "deaf-body", feed=False)
    assert (await feed(world, "deaf-body")).json()["errorCode"] == "NO_FEED"
    assert (await feed(world, "nobody-body")).json()["errorCode"] == "NO_FEED"
    assert (await (await world.client("integration", roles=[KEEPER])).get("/v1/events")).status_code == 403
    assert (await world.anonymous("integration").get("/v1/events")).status_code == 401
