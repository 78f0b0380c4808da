"""Events come late, twice, together and out of order; the index and what it tells come out the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.service.prisoner_search.custody import QUEUE, Custody, publish
from tests.service.prisoner_search.switch import Switch
from tests.world import World
from throughcare.kit.ids import new_id


@pytest.fixture(scope="module", autouse=True)
def prison_switch(world: World) -> Switch:
    """Prison behind a switch."""
    return Switch.before(world, "prison")


async def from_prison(world: World, number: str) -> list[dict[str, Any]]:
    """What prison told of somebody, oldest first."""
    return [one for one in await world.events() if one["source"] == "prison" and number in str(one)]


async def test_an_event_that_comes_twice_has_its_effect_once(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    told, again = await custody.told(number), await from_prison(world, number)
    await publish(world, [*again, *again])
    await world.drain()
    assert await custody.told(number) == told
    rows = await world.fetch("select count(*) from prisoner_search.inbox where event_id = any($1)", [
        one["eventId"] for one in again
    ])  # fmt: skip
    assert rows[0]["count"] == len(again)


async def test_other_events_about_what_is_known_change_and_tell_nothing(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    told, document = await custody.told(number), await custody.document(number)
    before = await world.fetch("select * from prisoner_search.prisoner where prisoner_number = $1", number)
    await publish(world, [{**one, "eventId": str(new_id())} for one in await from_prison(world, number)])
    await world.drain()
    assert await custody.told(number) == told
    assert await custody.document(number) == document
    assert await world.fetch("select * from prisoner_search.prisoner where prisoner_number = $1", number) == before


async def test_the_last_event_may_come_first(custody: Custody, world: World) -> None:
    number = await custody.prison.person()
    for how in ("admit", "release", "recall"):
        await custody.prison.move(number, how)
    await world.host.runtimes["prison"].relay.step()
    await world.host.bus.purge(QUEUE)
    await publish(world, (await from_prison(world, number))[::-1])
    await world.drain()
    assert [kind for kind, _ in await custody.told(number)] == ["created", "received", "released", "received"]
    assert (await custody.document(number))["status"] == "ACTIVE IN"


async def test_an_answer_that_was_overtaken_is_passed_over(
    custody: Custody, world: World, prison_switch: Switch
) -> None:
    number = await custody.prisoner()
    async with prison_switch.holding(f"/offenders/{number}") as held:
        late = asyncio.create_task(custody.search.put(f"/maintain-index/index-prisoner/{number}"))
        await held.reached()
    await custody.move(number, "release")
    told, document = await custody.told(number), await custody.document(number)
    held.release()
    assert (await late).json() == document
    assert await custody.told(number) == told
    assert await custody.document(number) == document
    assert document["status"] == "INACTIVE OUT"


async def test_two_consumers_at_once_tell_everything_once(custody: Custody, world: World) -> None:
    number = await custody.prison.person()
    for how in ("admit", "court-transfer-out", "court-transfer-in", "release"):
        await custody.prison.move(number, how)
    await world.host.runtimes["prison"].relay.step()
    (consumer,) = world.host.runtimes["prisoner_search"].consumers
    while sum(await asyncio.gather(consumer.step(), consumer.step(), consumer.step())):
        pass
    told = [kind for kind, _ in await custody.told(number)]
    assert sorted(told) == sorted(["created", "received", "released", "received", "released"])


async def test_events_of_another_sort_are_none_of_the_index_s_business(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    told = await custody.told(number)
    await publish(world, [{
        "eventType": "prison.bell.rung", "version": 1, "occurredAt": "2024-03-04T12:00:00Z", "eventId": str(new_id()),
        "personReference": {"identifiers": [{"type": "NOMS", "value": number}]},
    }])  # fmt: skip
    await world.drain()
    assert await custody.told(number) == told
    assert await world.dead_letters() == []
