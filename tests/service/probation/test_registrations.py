"""Registrations of a case and what is announced of them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.service.probation.cases import CASE_DETAIL, CASES, noms_number, open_case
from tests.world import World

Json = dict[str, Any]


async def add(world: World, crn: str, **body: Any) -> httpx2.Response:
    client = await world.client("probation", roles=[CASES])
    return await client.post(f"/probation-case/{crn}/registrations", json={"typeCode": "RVHR", **body})


async def added(world: World, crn: str, **body: Any) -> Json:
    reply = await add(world, crn, **body)
    assert reply.status_code == 201, reply.text
    found: Json = reply.json()
    return found


async def change(world: World, method: str, crn: str, number: int, part: str = "", **options: Any) -> httpx2.Response:
    client = await world.client("probation", roles=[CASES])
    return await client.request(method, f"/probation-case/{crn}/registrations/{number}{part}", **options)


async def listed(world: World, crn: str, **params: Any) -> list[Json]:
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.get(f"/probation-case/{crn}/registrations", params=params)
    assert reply.status_code == 200, reply.text
    found: list[Json] = reply.json()
    return found


async def announced(world: World, crn: str) -> list[Json]:
    """The events about the case's registrations, oldest first."""
    events = [one for one in await world.events() if one["eventType"].startswith("probation-case.registration.")]
    return [one for one in events if one["additionalInformation"]["crn"] == crn]


async def test_a_registration_begins_today_under_the_responsible_officer_with_the_suggested_review(
    world: World,
) -> None:
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms, managerUsername=None)
    made = await added(world, crn, notes="See the assessment")
    assert made.pop("registrationId") > 0
    assert made == {
        "type": {"code": "RVHR", "description": "Very high risk of serious harm"}, "register": "rosh",
        "startDate": "2024-03-04", "nextReviewDate": "2024-09-04", "endDate": None, "reviewPeriodMonths": 6,
        "notes": "See the assessment", "registeringOfficer": "N50UATU", "registeringTeam": "N50UAT", "active": True,
    }  # fmt: skip
    [event] = await announced(world, crn)
    number = (await listed(world, crn))[0]["registrationId"]
    assert event["eventType"] == "probation-case.registration.added"
    assert event["additionalInformation"] == {"crn": crn, "registerTypeCode": "RVHR", "registrationId": number}
    assert event["personReference"]["identifiers"][0] == {"type": "NOMS", "value": noms}
    path = event["detailUrl"].partition("/probation-integration-api")[2]
    client = await world.client("probation", roles=[CASE_DETAIL])
    assert (await client.get(path)).json()["type"]["code"] == "RVHR"


@pytest.mark.parametrize(
    ("code", "start", "review"),
    [("RCCO", "2024-02-29", "2024-05-29"), ("RMRH", "2023-08-31", "2024-02-29"), ("REG30", "2024-03-04", None),
     ("BWWA", "2024-03-04", None), ("INLL", "2023-12-31", "2024-12-31")],
)  # fmt: skip
async def test_the_first_review_is_due_after_the_months_of_the_type(
    world: World, code: str, start: str, review: str | None
) -> None:
    crn = await open_case(world)
    made = await added(world, crn, typeCode=code, startDate=start)
    assert (made["startDate"], made["nextReviewDate"]) == (start, review)


async def test_a_registration_is_reviewed_ended_and_announced_in_turn(world: World) -> None:
    crn = await open_case(world)
    number = (await added(world, crn))["registrationId"]
    review = {"nextReviewDate": "2025-01-01", "notes": "Reviewed"}
    reviewed = (await change(world, "PUT", crn, number, json=review)).json()
    assert (reviewed["nextReviewDate"], reviewed["notes"], reviewed["active"]) == ("2025-01-01", "Reviewed", True)
    ended = (await change(world, "POST", crn, number, "/deregistration")).json()
    assert (ended["endDate"], ended["nextReviewDate"], ended["active"]) == ("2024-03-04", None, False)
    for reply in (
        await change(world, "POST", crn, number, "/deregistration"),
        await change(world, "PUT", crn, number, json=review),
    ):
        assert (reply.status_code, reply.json()["errorCode"]) == (409, "ALREADY_DEREGISTERED")
    assert [one["registrationId"] for one in await listed(world, crn)] == [number]
    assert await listed(world, crn, active=True) == []
    words = [one["eventType"].rsplit(".", 1)[1] for one in await announced(world, crn)]
    assert words == ["added", "updated", "deregistered"]


async def test_after_deregistration_the_case_can_be_registered_again(world: World) -> None:
    crn = await open_case(world)
    first = (await added(world, crn))["registrationId"]
    await change(world, "POST", crn, first, "/deregistration")
    second = (await added(world, crn))["registrationId"]
    assert [one["registrationId"] for one in await listed(world, crn)] == [second, first]


async def test_a_mistaken_registration_is_deleted(world: World) -> None:
    crn = await open_case(world)
    number = (await added(world, crn))["registrationId"]
    assert (await change(world, "DELETE", crn, number)).status_code == 204
    assert (await change(world, "DELETE", crn, number)).status_code == 404
    assert await listed(world, crn) == []
    deleted = (await announced(world, crn))[-1]
    assert deleted["eventType"] == "probation-case.registration.deleted"
    assert deleted["additionalInformation"]["registrationId"] == number


async def test_a_case_is_registered_once_under_a_type_also_when_many_try_at_once(world: World) -> None:
    crn = await open_case(world)
    replies = await asyncio.gather(*(add(world, crn, typeCode=code) for code in ("MAPP", "MAPP", "MAPP", "ALSH")))
    assert sorted(one.status_code for one in replies) == [201, 201, 409, 409]
    assert {one.json()["errorCode"] for one in replies if one.status_code == 409} == {"ALREADY_REGISTERED"}
    assert len(await announced(world, crn)) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"typeCode": "NONE"}, "REGISTER_TYPE_UNKNOWN"),
        ({"startDate": "2024-03-05"}, "REGISTRATION_DATES_WRONG"),
        ({"startDate": "9999-12-31"}, "REGISTRATION_DATES_WRONG"),
        ({"nextReviewDate": "2024-03-03"}, "REGISTRATION_DATES_WRONG"),
        ({"startDate": "yesterday", "typeCode": 7}, "INVALID"),
    ],
)
async def test_a_registration_that_cannot_be_is_refused(world: World, body: Json, code: str) -> None:
    crn = await open_case(world)
    reply = await add(world, crn, **body)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, code)
    assert await listed(world, crn) == []
    assert await announced(world, crn) == []


async def test_a_review_before_the_start_is_refused(world: World) -> None:
    crn = await open_case(world)
    number = (await added(world, crn))["registrationId"]
    reply = await change(world, "PUT", crn, number, json={"nextReviewDate": "2024-03-03"})
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "REGISTRATION_DATES_WRONG")


async def test_a_registration_of_another_case_is_not_found(world: World) -> None:
    crn, other = await open_case(world), await open_case(world)
    number = (await added(world, crn))["registrationId"]
    reader = await world.client("probation", roles=[CASE_DETAIL])
    for reply in (
        await reader.get(f"/probation-case/{other}/registrations/{number}"),
        await change(world, "PUT", other, number, json={}),
        await change(world, "POST", other, number, "/deregistration"),
        await change(world, "DELETE", other, number),
    ):
        assert (reply.status_code, reply.json()["errorCode"]) == (404, "REGISTRATION_NOT_FOUND")
    missing = await add(world, "X000404")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "CASE_NOT_FOUND")


async def test_readers_of_cases_do_not_register(world: World) -> None:
    crn = await open_case(world)
    reader = await world.client("probation", roles=[CASE_DETAIL])
    assert (await reader.post(f"/probation-case/{crn}/registrations", json={"typeCode": "RVHR"})).status_code == 403
