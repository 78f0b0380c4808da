"""Prison is down or answers nonsense: the index waits and is never wrong, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.prisoner_search.custody import QUEUE, Custody, publish
from tests.service.prisoner_search.switch import Canned, Switch
from tests.world import World
from throughcare.kit.ids import new_id

DETAILS = "/prisoner-search/offenders/"
DELIVERIES = 5


@pytest.fixture(scope="module", autouse=True)
def prison_switch(world: World) -> Switch:
    """Prison behind a switch."""
    return Switch.before(world, "prison")


@pytest.fixture
async def number(custody: Custody) -> str:
    """The number of somebody who is indexed as an inmate of Leeds, and was released since."""
    known = await custody.prisoner()
    await custody.prison.move(known, "release")
    return known


async def answer(world: World, number: str) -> dict[str, Any]:
    """What prison truly answers about somebody."""
    client = await world.client("prison", roles=["ROLE_PRISONER_INDEX"])
    found: dict[str, Any] = (await client.get(f"/api{DETAILS}{number}")).json()
    return found


async def try_all(custody: Custody) -> None:
    """Let every message be delivered as often as it ever is."""
    for _ in range(DELIVERIES):
        await custody.world.drain()
        await custody.make_due()
    await custody.world.drain()


async def settle(custody: Custody) -> None:
    """Bring back every dead letter, as somebody on call would."""
    await custody.world.host.bus.redrive(QUEUE)
    await custody.world.drain()


def nonsense(true: dict[str, Any]) -> dict[str, Canned]:
    """Answers that cannot be true, made from a true one."""
    log = true["movements"]
    lost = [*log[:-1], {**log[-1], "status": "LOST"}]
    return {
        "down": Canned.of({}, 503),
        "a defect": Canned.of({}, 500),
        "no JSON": Canned(200, b"<html>maintenance</html>"),
        "empty": Canned(200, b""),
        "nothing": Canned(204),
        "null": Canned(200, b"null"),
        "a list": Canned.of([true]),
        "a page": Canned.of({"content": [], "last": True}),
        "no version": Canned.of({name: value for name, value in true.items() if name != "version"}),
        "a wrong date": Canned.of({**true, "dateOfBirth": "29 February"}),
        "somebody else": Canned.of({**true, "offenderNo": "A9999AA"}),
        "a status that is none": Canned.of({**true, "status": "INACTIVE IN"}),
        "a movement that leads nowhere": Canned.of({**true, "movements": lost}),
        "a log out of order": Canned.of({**true, "movements": log[::-1]}),
        "another address": Canned.of({"status": 404, "errorCode": "NOT_FOUND"}, 404),
        "refused": Canned.of({"status": 403, "errorCode": "ROLE_MISSING"}, 403),
    }


@pytest.mark.parametrize("kind", list(nonsense({"movements": [{}]})))
async def test_an_answer_that_cannot_be_true_changes_nothing_and_is_asked_for_again(
    custody: Custody, world: World, prison_switch: Switch, number: str, kind: str
) -> None:
    told, document = await custody.told(number), await custody.document(number)
    with prison_switch.answering(nonsense(await answer(world, number))[kind], DETAILS):
        await world.drain()
        assert await custody.document(number) == document
        assert await custody.told(number) == told
        assert await world.dead_letters() == []
    await custody.make_due()
    await world.drain()
    assert (await custody.document(number))["status"] == "INACTIVE OUT"
    assert [kind for kind, _ in (await custody.told(number))[len(told) :]] == ["updated", "released"]


@pytest.mark.parametrize("kind", ["down", "no JSON", "refused"])
async def test_what_stays_wrong_ends_in_a_dead_letter_and_is_mended_by_bringing_it_back(
    custody: Custody, world: World, prison_switch: Switch, number: str, kind: str
) -> None:
    document = await custody.document(number)
    with prison_switch.answering(nonsense(await answer(world, number))[kind], DETAILS):
        await try_all(custody)
    dead = await world.dead_letters()
    assert {(queue, reason) for queue, reason, _ in dead} == {(QUEUE, "exhausted")}
    assert not any(number in detail for _, _, detail in dead)
    assert await custody.document(number) == document
    await settle(custody)
    assert await world.dead_letters() == []
    assert (await custody.document(number))["status"] == "INACTIVE OUT"
    assert (await custody.moves(number))[-1] == ("released", "RELEASED", "LEI")


async def test_somebody_whom_prison_does_not_know_is_removed_and_told_of_once(
    custody: Custody, world: World, prison_switch: Switch, number: str
) -> None:
    with prison_switch.answering(Canned.of({"status": 404, "errorCode": "PRISONER_NOT_FOUND"}, 404), DETAILS):
        await world.drain()
    assert (await custody.search.get(f"/prisoner/{number}")).status_code == 404
    assert (await custody.told(number))[-1] == ("removed", {})
    assert [kind for kind, _ in await custody.told(number)].count("removed") == 1


@pytest.mark.parametrize(
    "reference",
    [None, {"identifiers": []}, {"identifiers": [{"type": "CRN", "value": "X123456"}]}]
    + [{"identifiers": [{"type": "NOMS", "value": value}]} for value in ("a0001aa", "A0001AA/..", "", "A0001A")],
    ids=["nobody", "no identifier", "a CRN", "small letters", "an address", "nothing", "too short"],
)
async def test_an_event_that_names_no_prisoner_is_put_aside_at_once(
    world: World, custody: Custody, reference: dict[str, Any] | None
) -> None:
    event = {
        "eventType": "prison.movement.recorded", "version": 1, "occurredAt": "2024-03-04T12:00:00Z",
        "eventId": str(new_id()), "personReference": reference,
    }  # fmt: skip
    await publish(world, [event])
    await world.drain()
    ((queue, reason, detail),) = await world.dead_letters()
    assert (queue, reason, detail) == (QUEUE, "permanent", "the event names no prisoner")
    await world.host.bus.purge(f"{QUEUE}_dlq")


async def test_while_prison_is_down_what_was_indexed_can_be_found(
    custody: Custody, world: World, prison_switch: Switch
) -> None:
    number = await custody.prisoner(lastName="Steadfast")
    with prison_switch.answering(Canned.of({}, 503)):
        assert await custody.found("/global-search", {"lastName": "steadfast"}) == [number]
        refused = await custody.search.put(f"/maintain-index/index-prisoner/{number}")
        assert (refused.status_code, refused.json()["errorCode"]) == (503, "PEER_UNAVAILABLE")
    assert (await custody.search.put(f"/maintain-index/index-prisoner/{number}")).status_code == 200
