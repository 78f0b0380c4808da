"""People are given numbers, identifiers and aliases."""

from __future__ import annotations

import asyncio

import pytest

from tests.service.prison.prisoners import NAME, Prison
from tests.world import World

CRO = "265416/21G"


@pytest.fixture
async def prison(world: World) -> Prison:
    return await Prison.of(world)


async def test_a_new_person_is_given_the_next_number_and_announced(world: World, prison: Prison) -> None:
    first, second = await prison.person(), await prison.person()
    assert (first, second) == ("A0001AA", "A0002AA")
    created = await world.events("prison.person.created")
    assert [one["additionalInformation"] for one in created] == [
        {"nomsNumber": first},
        {"nomsNumber": second},
    ]
    assert created[0]["personReference"] == {"identifiers": [{"type": "NOMS", "value": first}]}
    assert created[0]["detailUrl"].endswith(f"/prison-api/api/offenders/{first}")


async def test_names_are_kept_in_capitals_and_middle_names_together(prison: Prison) -> None:
    number = await prison.person(firstName=" anne-marie", middleName1="Zoë", middleName2="o'Hara", title="MS")
    shown = (await prison.client.get(f"/api/offenders/{number.lower()}")).json()
    assert (shown["firstName"], shown["middleName"], shown["title"]) == ("ANNE-MARIE", "ZOË O'HARA", "Ms")
    assert (shown["status"], shown["bookingId"], shown["locationDescription"]) == (None, None, "Outside")
    assert shown["age"] == 44


async def test_the_same_name_and_date_of_birth_is_refused_unless_allowed(prison: Prison) -> None:
    person = {**NAME, "lastName": "Singular"}
    await prison.person(lastName="Singular")
    refused = await prison.client.post("/api/offenders", json=person)
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "PRISONER_ALREADY_EXIST")
    allowed = await prison.client.post("/api/offenders", json=person, params={"allowNameDuplicate": True})
    assert allowed.status_code == 201


async def test_a_pnc_in_its_short_form_finds_the_holder_of_the_long_one(prison: Prison) -> None:
    letter = "ZABCDEFGHJKLMNPQRTUVWXY"[990123456 % 23]
    await prison.person(pncNumber=f"1999/0123456{letter}", lastName="Holder")
    refused = await prison.client.post(
        "/api/offenders", json={**NAME, "lastName": "Other", "pncNumber": f"99/123456{letter}"}
    )
    assert refused.json()["errorCode"] == "PRISONER_ALREADY_EXIST"


async def test_with_an_identifier_the_name_alone_does_not_make_a_duplicate(prison: Prison) -> None:
    await prison.person(lastName="Twin")
    twin = await prison.client.post("/api/offenders", json={**NAME, "lastName": "Twin", "croNumber": CRO})
    assert twin.status_code == 201
    assert [one["value"] for one in twin.json()["identifiers"]] == [CRO]


async def test_the_same_person_created_twice_at_once_is_created_once(prison: Prison) -> None:
    person = {**NAME, "lastName": "Hasty"}
    replies = await asyncio.gather(*(prison.client.post("/api/offenders", json=person) for _ in range(4)))
    assert sorted(one.status_code for one in replies) == [201, 400, 400, 400]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"dateOfBirth": "2010-01-01"}, "DATE_OF_BIRTH_NOT_VALID"),
        ({"dateOfBirth": "1900-01-01"}, "DATE_OF_BIRTH_NOT_VALID"),
        ({"dateOfBirth": "2999-01-01"}, "DATE_OF_BIRTH_NOT_VALID"),
        ({"gender": "X"}, "UNKNOWN_CODE"),
        ({"gender": "REF"}, "UNKNOWN_CODE"),
        ({"ethnicity": "Q"}, "UNKNOWN_CODE"),
        ({"title": "KING"}, "UNKNOWN_CODE"),
        ({"pncNumber": "1999/0123456A"}, "IDENTIFIER_NOT_VALID"),
        ({"croNumber": "265416/21H"}, "IDENTIFIER_NOT_VALID"),
        ({"lastName": ""}, "INVALID"),
        ({"lastName": "R2D2"}, "INVALID"),
        ({"lastName": "x" * 36}, "INVALID"),
        ({"dateOfBirth": "yesterday"}, "INVALID"),
        ({"dateOfBirth": 19800229}, "INVALID"),
        ({"dateOfBirth": "320630400"}, "INVALID"),
        ({"firstName": None}, "INVALID"),
    ],
)
async def test_a_person_who_cannot_be_is_refused(prison: Prison, change: dict[str, object], code: str) -> None:
    reply = await prison.client.post("/api/offenders", json={**NAME, "lastName": "Refused", **change})
    assert (reply.status_code, reply.json()["errorCode"]) == (400, code)
    assert "R2D2" not in reply.text


async def test_a_person_with_several_wrong_facts_hears_of_every_one(prison: Prison) -> None:
    wrong = {
        "dateOfBirth": "2020-01-01", "gender": "X", "ethnicity": "Q", "title": "KING", "suffix": "OBE",
        "pncNumber": "1999/0123456A",
    }  # fmt: skip
    reply = await prison.client.post("/api/offenders", json={**NAME, **wrong})
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "DATE_OF_BIRTH_NOT_VALID")
    assert {one["field"] for one in reply.json()["errors"]} == set(wrong)
    malformed = await prison.client.post("/api/offenders", json={"lastName": "R2D2", "dateOfBirth": "never"})
    assert {one["field"] for one in malformed.json()["errors"]} == {"lastName", "firstName", "dateOfBirth", "gender"}


async def test_identifiers_are_added_and_each_announced(world: World, prison: Prison) -> None:
    number = await prison.person()
    path = f"/api/offenders/{number}/offender-identifiers"
    wanted = [
        {"identifierType": "HOREF", "identifier": "T3000"},
        {"identifierType": "CRO", "identifier": "65656/91H", "issuedAuthorityText": "The Met"},
    ]
    reply = await prison.client.post(path, json=wanted)
    assert reply.status_code == 201
    shown = (await prison.client.get(path)).json()
    assert shown == reply.json()
    assert [(one["type"], one["value"], one["issuedAuthorityText"]) for one in shown] == [
        ("HOREF", "T3000", None), ("CRO", "65656/91H", "The Met"),
    ]  # fmt: skip
    added = [one["additionalInformation"] for one in await world.events("prison.identifier.added")]
    assert added == [{"nomsNumber": number, "type": "HOREF"}, {"nomsNumber": number, "type": "CRO"}]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("NINO", "JE460605B", "IDENTIFIER_EXISTS"),
        ("MERGED", "A0001AA", "UNKNOWN_CODE"),
        ("WHAT", "1", "UNKNOWN_CODE"),
        ("PNC", "99/1A", "IDENTIFIER_NOT_VALID"),
        ("NINO", "", "INVALID"),
    ],
)
async def test_an_identifier_that_does_not_fit_is_refused(prison: Prison, kind: str, value: str, code: str) -> None:
    number = await prison.person()
    path = f"/api/offenders/{number}/offender-identifiers"
    await prison.client.post(path, json=[{"identifierType": "NINO", "identifier": "JE460605B"}])
    refused = await prison.client.post(path, json=[{"identifierType": kind, "identifier": value}])
    assert (refused.status_code, refused.json()["errorCode"]) == (400, code)
    assert len((await prison.client.get(path)).json()) == 1


async def test_identifiers_of_which_one_does_not_fit_are_refused_whole(prison: Prison) -> None:
    number = await prison.person()
    path = f"/api/offenders/{number}/offender-identifiers"
    wanted = [("NINO", "JE460605B"), ("WHAT", "1"), ("PNC", "99/1A")]
    body = [{"identifierType": kind, "identifier": value} for kind, value in wanted]
    refused = await prison.client.post(path, json=body)
    assert [one["field"] for one in refused.json()["errors"]] == ["1.identifierType", "2.identifier"]
    assert (await prison.client.get(path)).json() == []


async def test_an_alias_is_recorded_and_announced(world: World, prison: Prison) -> None:
    number = await prison.person()
    path = f"/api/offenders/{number}/aliases"
    made = await prison.client.post(path, json={**NAME, "lastName": "Bairstow", "dateOfBirth": "1981-01-01"})
    assert made.status_code == 201
    assert [one["lastName"] for one in (await prison.client.get(path)).json()] == ["BAIRSTOW"]
    events = await world.events("prison.alias.added")
    assert events[-1]["additionalInformation"] == {"nomsNumber": number}


async def test_numbers_are_listed_in_pages(prison: Prison) -> None:
    page = (await prison.client.get("/api/prisoners/prisoner-numbers", params={"size": 2, "page": 1})).json()
    assert page["content"] == ["A0003AA", "A0004AA"]
    assert page["totalElements"] > 4


@pytest.mark.parametrize("path", ["offenders/{}", "offenders/{}/offender-identifiers", "prisoners/{}", "bookings/{}"])
async def test_an_unknown_prisoner_or_booking_is_not_found(prison: Prison, path: str) -> None:
    unknown = "999999" if path.startswith("bookings") else "Z9999ZZ"
    reply = await prison.client.get(f"/api/{path.format(unknown)}")
    assert reply.status_code == 404
    assert unknown not in reply.json()["userMessage"]


async def test_writing_needs_the_scope_and_the_role(world: World) -> None:
    reader = await world.client("prison", roles=["ROLE_VIEW_PRISONER_DATA"])
    assert (await reader.post("/api/offenders", json=NAME)).status_code == 403
    assert (await world.anonymous("prison").get("/api/offenders/A0001AA")).status_code == 401


@pytest.mark.parametrize("number", ["a0001aa", "A001AA", "A0001A1"])
async def test_a_number_in_another_shape_is_refused_when_writing(prison: Prison, number: str) -> None:
    reply = await prison.client.put(f"/api/offenders/{number}/release", json={"movementReasonCode": "CR"})
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "INVALID")
