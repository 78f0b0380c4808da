"""How changes collect for five minutes, whatever the clock does meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import SECRETS
from tests.service.integration.telling import (
    after_the_window,
    operators,
    prison,
    prisons_of,
    publish,
    registered,
    room_changed,
    told,
)
from tests.world import START, World, hosted
from throughcare import catalogue
from throughcare.services.integration.delivery import usecases

WHOLE_COUNTRY = "/v1/prison/prisoners"


async def moved(world: World, noms: str, where: str) -> None:
    """Prisoner search tells that it sees somebody in a prison."""
    await publish(world, "prisoner-offender-search.prisoner.updated", noms=noms, prisonId=where)


async def counted(world: World, event_type: str) -> list[dict[str, Any]]:
    """The notifications of one type, oldest first, as they stand in the store."""
    rows = await world.fetch(
        "select path, prison_id, first_change_at, due_at, distributed_at, open from integration.notification"
        " where event_type = $1 order by event_id",
        event_type,
    )
    return [dict(row) for row in rows]


async def test_one_endpoint_is_told_once_and_each_prison_hears_of_its_own_person(world: World) -> None:
    every = [WHOLE_COUNTRY]
    await registered(world, "country-body", include=every)
    await registered(world, "leeds-body", include=every, filters={"prisons": ["LEI"]})
    await registered(world, "durham-body", include=every, filters={"prisons": ["DMI"]})
    await registered(world, "bristol-body", include=every, filters={"prisons": ["BLI"]})
    for noms, where in (("A1001AA", "LEI"), ("A1002AA", "DMI"), ("A1003AA", "LEI")):
        await moved(world, noms, where)
        await world.drain()
        world.clock.advance(timedelta(minutes=1))
    await after_the_window(world)
    heard = {name: await told(world, name) for name in ("country-body", "leeds-body", "durham-body", "bristol-body")}
    assert {name: [(one["hmppsId"], one["prisonId"]) for one in found] for name, found in heard.items()} == {
        "country-body": [("A1003AA", "LEI")],
        "leeds-body": [("A1003AA", "LEI")],
        "durham-body": [("A1002AA", "DMI")],
        "bristol-body": [],
    }
    assert heard["durham-body"][0]["url"].endswith(WHOLE_COUNTRY)
    assert len({found[0]["eventId"] for found in heard.values() if found}) == 1


async def test_an_endpoint_that_never_rests_is_told_every_five_minutes(world: World) -> None:
    await registered(world, "busy-body")
    code = prison()
    for _ in range(12):
        await room_changed(world, code)
        await world.drain()
        world.clock.advance(timedelta(minutes=1))
    await after_the_window(world)
    assert prisons_of(await told(world, "busy-body")) == [code] * 3


async def test_a_change_after_the_window_is_told_by_itself_though_nothing_was_sent_yet(world: World) -> None:
    await registered(world, "idle-body")
    code = prison()
    (reader,) = world.host.runtimes["integration"].consumers
    for _ in range(2):
        await room_changed(world, code)
        await reader.step()
        world.clock.advance(timedelta(minutes=5))
    await world.drain()
    assert prisons_of(await told(world, "idle-body")) == [code] * 2


async def test_a_change_while_its_notification_is_being_sent_is_told_again(world: World) -> None:
    await registered(world, "eager-body")
    code = prison()
    await room_changed(world, code)
    await after_the_window(world)
    await room_changed(world, code)
    await after_the_window(world)
    assert prisons_of(await told(world, "eager-body")) == [code] * 2


async def test_a_restart_in_the_middle_of_the_window_changes_nothing(world: World) -> None:
    await registered(world, "steady-body")
    code = prison()
    await room_changed(world, code)
    await world.drain()
    world.clock.advance(timedelta(minutes=3))
    async with hosted(world.owner_dsn, catalogue.services(), secrets=SECRETS) as restarted:
        restarted.clock.set(world.clock.now())
        await room_changed(restarted, code)
        await restarted.drain()
        assert await told(restarted, "steady-body") == []
        restarted.clock.advance(timedelta(minutes=2))
        await restarted.drain()
        assert prisons_of(await told(restarted, "steady-body")) == [code]
    world.clock.advance(timedelta(minutes=10))
    await world.drain()
    assert await told(world, "steady-body") == []


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2024, 10, 27, 0, 58, tzinfo=UTC),  # 01:58 in London, a minute before an hour is lived twice
        datetime(2024, 10, 27, 1, 58, tzinfo=UTC),
        datetime(2024, 3, 31, 0, 58, tzinfo=UTC),  # an hour is left out
        datetime(2024, 6, 30, 22, 58, tzinfo=UTC),  # midnight in London
        datetime(2024, 12, 31, 23, 58, tzinfo=UTC),
    ],
    ids=["october", "october, an hour on", "march", "midnight in summer", "new year"],
)
async def test_neither_the_change_of_clocks_nor_midnight_moves_a_window(world: World, moment: datetime) -> None:
    await registered(world, "punctual-body")
    await told(world, "punctual-body")
    world.clock.set(moment)
    code = prison()
    await room_changed(world, code)
    await world.drain()
    world.clock.set(moment + timedelta(minutes=4, seconds=50))
    await world.drain()
    assert await told(world, "punctual-body") == []
    world.clock.set(moment + timedelta(minutes=5, seconds=10))
    await world.drain()
    (message,) = await told(world, "punctual-body")
    changed = datetime.fromisoformat(message["lastModifiedDateTime"]).replace(tzinfo=UTC)
    assert moment <= changed < moment + timedelta(seconds=10)
    world.clock.set(max(START, moment) + timedelta(days=1))


async def test_a_notification_waits_in_the_store_as_due_and_is_then_distributed(world: World) -> None:
    code = prison()
    await room_changed(world, code)
    (reader,) = world.host.runtimes["integration"].consumers
    await reader.step()
    client = await operators(world)
    assert (await client.get("/v1/totals")).json()["collecting"] >= 1
    world.clock.advance(timedelta(minutes=7))
    client = await operators(world)
    totals = (await client.get("/v1/totals")).json()
    assert totals["due"] >= 1
    assert totals["oldestDueSeconds"] >= 120
    await usecases.distribute(world.context("integration"))
    assert (await client.get("/v1/totals")).json()["due"] == 0
    last = (await counted(world, "PRISON_CAPACITY_CHANGED"))[-1]
    assert (last["prison_id"], last["open"]) == (code, False)
    assert last["due_at"] - last["first_change_at"] == timedelta(minutes=5)
