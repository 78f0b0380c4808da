"""Who manages a case, and who is responsible."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.service.probation.cases import CASE_DETAIL, CASES, MANAGER, contacts, open_case
from tests.world import World

OTHER, NUMBER = "HANIFA.OYELARAN", "2500000001"
TEAM = {
    "code": "N50UAT", "description": "Greater Manchester, sentence management",
    "email": "sentence.management@probation.example.test", "telephoneNumber": "0161 496 0000",
}  # fmt: skip

Json = dict[str, Any]


async def officer(world: World, crn: str) -> Json:
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.get(f"/probation-case/{crn}/responsible-officer")
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found


async def allocate(world: World, crn: str, username: str, role: str = "community") -> Json:
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/{crn}/{role}-manager", json={"username": username})
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found


async def test_the_responsible_officer_is_told_with_team_unit_and_offices(world: World) -> None:
    crn = await open_case(world)
    found = await officer(world, crn)
    manager = found["communityManager"]
    assert found["prisonManager"] is None
    assert manager.pop("code").startswith("N50A")
    assert manager == {
        "name": {"forename": "Bernard", "surname": "Beaks"},
        "username": MANAGER,
        "email": "bernard.beaks@probation.example.test",
        "telephoneNumber": None,
        "responsibleOfficer": True,
        "pdu": {"code": "PDU033", "description": "Manchester North"},
        "team": TEAM,
        "officeLocations": [{
            "code": "CRS0276", "description": "GM: Redfern Building", "telephoneNumber": None,
            "address": "Redfern Building Probation Office, off Sadler's Yard, 30 Hanover St, Manchester, M4 4AH",
        }],
        "unallocated": False,
    }  # fmt: skip


async def test_of_a_place_holder_no_way_to_reach_it_is_told(world: World) -> None:
    crn = await open_case(world, managerUsername=None)
    manager = (await officer(world, crn))["communityManager"]
    assert (manager["code"], manager["unallocated"], manager["responsibleOfficer"]) == ("N50UATU", True, True)
    assert (manager["username"], manager["email"], manager["telephoneNumber"]) == (None, None, None)
    assert manager["team"] == TEAM


async def test_another_community_manager_is_announced_once(world: World) -> None:
    crn = await open_case(world)
    for _ in range(2):
        assert (await allocate(world, crn, OTHER))["communityManager"]["username"] == OTHER
    assert (await officer(world, crn))["communityManager"]["username"] == OTHER
    events = await world.events("person.community.manager.allocated")
    [event] = [one for one in events if one["additionalInformation"] == {"crn": crn}]
    assert event["detailUrl"].endswith(f"/probation-case/{crn}/responsible-officer")
    assert [one["type"]["code"] for one in await contacts(world, crn)] == ["ETOM"]


async def test_allocating_at_once_leaves_one_community_manager(world: World) -> None:
    crn = await open_case(world, managerUsername=None)
    await asyncio.gather(*(allocate(world, crn, name) for name in (MANAGER, OTHER) * 3))
    assert (await officer(world, crn))["communityManager"]["username"] in {MANAGER, OTHER}


async def test_a_user_who_joins_many_cases_at_once_joins_the_staff_once(world: World) -> None:
    crns = [await open_case(world, managerUsername=None) for _ in range(4)]
    await asyncio.gather(*(allocate(world, crn, OTHER) for crn in crns))
    codes = {(await officer(world, crn))["communityManager"]["code"] for crn in crns}
    assert len(codes) == 1


@pytest.mark.parametrize(
    "username", ["NOBODY.AT.ALL", "me", f"{MANAGER}/email", "..", "ALEX.RIVERS@PROVIDER.EXAMPLE.TEST"]
)
async def test_only_a_probation_user_can_manage_a_case(world: World, username: str) -> None:
    crn = await open_case(world)
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/{crn}/community-manager", json={"username": username})
    assert reply.status_code == 400
    assert reply.json()["errorCode"] == ("INVALID" if username == ".." else "STAFF_UNKNOWN")
    assert (await officer(world, crn))["communityManager"]["username"] == MANAGER


@pytest.mark.parametrize("role", ["community", "prison"])
async def test_nobody_can_manage_a_case_that_is_not_there(world: World, role: str) -> None:
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/X000404/{role}-manager", json={"username": MANAGER})
    assert (reply.status_code, reply.json()["errorCode"]) == (404, "CASE_NOT_FOUND")


async def test_a_prison_manager_is_not_told_of_while_the_community_manager_is_responsible(world: World) -> None:
    crn = await open_case(world)
    assert (await allocate(world, crn, "OLIVE.OPS", "prison"))["prisonManager"] is None
    assert [one["type"]["code"] for one in await contacts(world, crn)] == ["EPOMIN"]
    rows = await world.fetch(
        "select m.role, m.responsible_officer from probation.manager m join probation.person p on p.id = m.person_id"
        " where p.crn = $1 and m.ended_at is null order by m.role", crn,
    )  # fmt: skip
    assert [tuple(row.values()) for row in rows] == [("COMMUNITY", True), ("PRISON", False)]


async def test_managed_cases_are_found_by_name_and_by_number(world: World) -> None:
    mine, given_away = await open_case(world), await open_case(world)
    await allocate(world, given_away, OTHER)
    client = await world.client("probation", roles=[CASE_DETAIL])
    for username in (MANAGER, MANAGER.lower(), NUMBER):
        found = (await client.get(f"/users/{username}/managed-cases")).json()["managedCases"]
        assert {"crn": mine, "nomsId": None} in found
        assert given_away not in {one["crn"] for one in found}
        assert [one["crn"] for one in found] == sorted(one["crn"] for one in found)
    missing = await client.get("/users/NOBODY.AT.ALL/managed-cases")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "STAFF_NOT_FOUND")


async def test_a_member_of_staff_is_described_by_name_and_by_number(world: World) -> None:
    await open_case(world)
    client = await world.client("probation", roles=[CASE_DETAIL])
    described = {
        "username": MANAGER,
        "name": {"forename": "Bernard", "surname": "Beaks"},
        "email": "bernard.beaks@probation.example.test",
    }
    for username in ("bernard.beaks", NUMBER):
        assert (await client.get(f"/users/{username}/details")).json() == described
    missing = await client.get("/users/99/details")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "STAFF_NOT_FOUND")
