"""Who may see a case: exclusions, restrictions, and what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.probation.cases import CASE_DETAIL, CASES, HMPPS_API, MANAGER, noms_number, open_case
from tests.service.probation.conftest import Directory
from tests.world import World

USER_ACCESS = "ROLE_PROBATION_API__ARNS__USER_ACCESS"
OTHER, NUMBER, NOBODY = "HANIFA.OYELARAN", "2500000001", "NOBODY.AT.ALL"
LEFT, ALONE = "Ask the head of the unit", "Only the review team may see this"

Json = dict[str, Any]


async def limit(world: World, crn: str, **limits: Any) -> Json:
    """Replace the limits of a case; what they are now."""
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/{crn}/access-limitations", json=limits)
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found


async def access(world: World, username: str, *crns: str) -> list[Json]:
    """What a user is told of each case."""
    client = await world.client("probation", roles=[USER_ACCESS])
    reply = await client.post(f"/users/{username}/access", json=list(crns))
    assert reply.status_code == 200, reply.text
    found: list[Json] = reply.json()["access"]
    return found


def verdict(one: Json) -> tuple[bool, bool]:
    return one["userExcluded"], one["userRestricted"]


async def test_a_case_without_limits_is_open_to_every_user(world: World) -> None:
    crn = await open_case(world)
    for username in (MANAGER, OTHER, NUMBER, NOBODY):
        assert await access(world, username, crn) == [
            {"crn": crn, "userExcluded": False, "userRestricted": False, "exclusionMessage": None,
             "restrictionMessage": None}
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "username", "expected"),
    [
        ({"excludedFrom": [MANAGER]}, MANAGER, (True, False)),
        ({"excludedFrom": ["bernard.beaks "]}, "Bernard.Beaks", (True, False)),
        ({"excludedFrom": [MANAGER]}, NUMBER, (True, False)),
        ({"excludedFrom": [MANAGER]}, OTHER, (False, False)),
        ({"excludedFrom": [MANAGER]}, NOBODY, (True, False)),
        ({"excludedFrom": [MANAGER]}, "99", (True, False)),
        ({"restrictedTo": [MANAGER]}, MANAGER, (False, False)),
        ({"restrictedTo": [MANAGER]}, NUMBER, (False, False)),
        ({"restrictedTo": [MANAGER]}, OTHER, (False, True)),
        ({"restrictedTo": [MANAGER]}, NOBODY, (False, True)),
        ({"restrictedTo": [MANAGER, OTHER], "excludedFrom": [OTHER]}, OTHER, (True, False)),
        ({"restrictedTo": [MANAGER], "excludedFrom": [OTHER]}, OTHER, (True, True)),
        ({"restrictedTo": [NOBODY]}, NOBODY, (False, False)),
    ],
)
async def test_a_limit_holds_for_exactly_those_whom_it_means(
    world: World, limits: Json, username: str, expected: tuple[bool, bool]
) -> None:
    crn = await open_case(world)
    await limit(world, crn, **limits, exclusionMessage=LEFT, restrictionMessage=ALONE)
    [found] = await access(world, username, crn)
    assert verdict(found) == expected
    assert found["exclusionMessage"] == (LEFT if "excludedFrom" in limits else None)
    assert found["restrictionMessage"] == (ALONE if "restrictedTo" in limits else None)


async def test_many_cases_are_answered_in_the_order_asked_without_those_that_do_not_exist(world: World) -> None:
    first, second = await open_case(world), await open_case(world)
    await limit(world, second, excludedFrom=[MANAGER])
    asked = (second, "X000404", first, second)
    found = await access(world, MANAGER, *asked)
    assert [(one["crn"], verdict(one)) for one in found] == [(second, (True, False)), (first, (False, False))]
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.get(f"/users/{MANAGER}/access", params=[("crn", one) for one in asked])
    assert reply.json()["access"] == found


@pytest.mark.parametrize("crns", [[], ["X1"] * 501, [""], ["X" * 21], "X100000", [7]])
async def test_between_one_and_five_hundred_cases_can_be_asked_about(world: World, crns: object) -> None:
    client = await world.client("probation", roles=[USER_ACCESS])
    reply = await client.post(f"/users/{MANAGER}/access", json=crns)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "INVALID")
    assert (await client.post(f"/users/{MANAGER}/access", json=["X1"] * 500)).status_code == 200


async def test_limits_replace_those_before_and_each_change_is_announced_once_without_names(world: World) -> None:
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms)
    shown = await limit(world, crn, excludedFrom=[OTHER, MANAGER, OTHER], exclusionMessage=LEFT, restrictionMessage="x")
    assert shown == {"excludedFrom": [MANAGER, OTHER], "exclusionMessage": LEFT, "restrictedTo": [],
                     "restrictionMessage": None}  # fmt: skip
    await limit(world, crn, excludedFrom=[OTHER, MANAGER], exclusionMessage=LEFT)
    await limit(world, crn, restrictedTo=[OTHER], restrictionMessage=ALONE)
    await limit(world, crn)
    assert verdict((await access(world, OTHER, crn))[0]) == (False, False)
    for kind in ("exclusion", "restriction"):
        events = await world.events(f"probation-case.{kind}.updated")
        mine = [one for one in events if one["additionalInformation"]["crn"] == crn]
        assert len(mine) == 2
        for event in mine:
            assert event["additionalInformation"] == {"crn": crn}
            assert event["detailUrl"].endswith(f"/probation-integration-api/case/{crn}/access-limitations")
            assert event["personReference"]["identifiers"] == [
                {"type": "NOMS", "value": noms}, {"type": "CRN", "value": crn},
            ]  # fmt: skip


async def test_outside_bodies_are_told_whom_a_limit_names_by_address(world: World) -> None:
    crn = await open_case(world)
    client = await world.client("probation", roles=[HMPPS_API])
    path = f"/case/{crn}/access-limitations"
    nothing: Json = {"excludedFrom": [], "exclusionMessage": None, "restrictedTo": [], "restrictionMessage": None}
    assert (await client.get(path)).json() == nothing
    await limit(world, crn, excludedFrom=[MANAGER, NOBODY], exclusionMessage=LEFT)
    assert (await client.get(path)).json() == {
        **nothing,
        "excludedFrom": [{"email": "bernard.beaks@probation.example.test"}, {"email": None}],
        "exclusionMessage": LEFT,
    }
    missing = await client.get("/case/X000404/access-limitations")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "CASE_NOT_FOUND")


async def test_outside_bodies_ask_for_a_user_or_for_anybody(world: World) -> None:
    crn, free = await open_case(world), await open_case(world)
    await limit(world, crn, excludedFrom=[OTHER], restrictedTo=[MANAGER])
    client = await world.client("probation", roles=[HMPPS_API])
    path, body = "/probation-cases/access", {"crns": [crn, free]}
    anybody = (await client.post(path, json=body)).json()["access"]
    assert [verdict(one) for one in anybody] == [(True, True), (False, False)]
    manager = (await client.post(path, json=body, params={"username": MANAGER})).json()["access"]
    assert [verdict(one) for one in manager] == [(False, False), (False, False)]
    assert (await client.post(path, json={"crns": []})).status_code == 400


async def test_limits_are_for_their_own_roles(world: World) -> None:
    crn = await open_case(world)
    stranger = await world.client("probation", roles=["ROLE_PROBATION"])
    for reply in (
        await stranger.post(f"/users/{MANAGER}/access", json=[crn]),
        await stranger.put(f"/probation-case/{crn}/access-limitations", json={}),
        await stranger.get(f"/case/{crn}/access-limitations"),
        await stranger.post("/probation-cases/access", json={"crns": [crn]}),
    ):
        assert reply.status_code == 403
    reader = await world.client("probation", roles=[CASE_DETAIL])
    assert (await reader.put(f"/probation-case/{crn}/access-limitations", json={})).status_code == 403


async def test_when_nobody_can_say_who_asks_a_limited_case_is_told_of_to_no_one(
    world: World, directory: Directory
) -> None:
    crn, free = await open_case(world, managerUsername=None), await open_case(world, managerUsername=None)
    await limit(world, crn, excludedFrom=[MANAGER])
    client = await world.client("probation", roles=[USER_ACCESS])
    with directory.down():
        assert (await client.post(f"/users/{NOBODY}/access", json=[crn])).status_code == 503
        assert (await client.post(f"/users/{NOBODY}/access", json=[free])).status_code == 200
        assert (await client.post(f"/users/{MANAGER}/access", json=[crn])).status_code == 200
    assert verdict((await access(world, NOBODY, crn))[0]) == (True, False)
