"""Opening cases and finding them."""

from __future__ import annotations

import asyncio

import pytest

from tests.service.probation.cases import CASE_DETAIL, CASES, HMPPS_API, noms_number, open_case, sentence
from tests.world import World


async def test_opening_a_case_announces_the_engagement_and_the_sentence(world: World) -> None:
    crn = await open_case(world)
    [engagement] = [one for one in await world.events("probation-case.engagement.created") if _crn(one) == crn]
    assert engagement["personReference"] == {"identifiers": [{"type": "CRN", "value": crn}]}
    [sentenced] = [one for one in await world.events("probation-case.sentence.created") if _crn(one) == crn]
    assert sentenced["additionalInformation"] == {"crn": crn, "eventNumber": 1}


async def test_a_case_opened_with_a_noms_number_is_linked_to_the_prison_record(world: World) -> None:
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms)
    client = await world.client("probation", roles=[HMPPS_API])
    reply = await client.get(f"/identifier-converter/noms-to-crn/{noms}")
    assert reply.json() == {"crn": crn, "nomsId": noms}
    [event] = [one for one in await world.events("probation-case.prison-identifier.added") if _crn(one) == crn]
    assert event["personReference"]["identifiers"] == [
        {"type": "NOMS", "value": noms},
        {"type": "CRN", "value": crn},
    ]


async def test_a_noms_number_that_comes_later_is_announced_once(world: World) -> None:
    crn, noms = await open_case(world), noms_number()
    client = await world.client("probation", roles=[CASES])
    for _ in range(2):
        reply = await client.put(f"/probation-case/{crn}/noms-number", json={"nomsNumber": noms})
        assert reply.json() == {"crn": crn, "nomsNumber": noms}
    added = await world.events("probation-case.prison-identifier.added")
    assert len([one for one in added if _crn(one) == crn]) == 1


async def test_a_noms_number_of_another_case_is_refused(world: World) -> None:
    noms = noms_number()
    await open_case(world, nomsNumber=noms)
    other = await open_case(world)
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/{other}/noms-number", json={"nomsNumber": noms})
    assert (reply.status_code, reply.json()["errorCode"]) == (409, "NOMS_NUMBER_TAKEN")


async def test_a_crn_that_exists_is_refused(world: World) -> None:
    crn = await open_case(world, crn="X999001")
    assert crn == "X999001"
    client = await world.client("probation", roles=[CASES])
    body = {
        "crn": crn,
        "name": {"forename": "A", "surname": "B"},
        "dateOfBirth": "1980-01-01",
        "gender": "Male",
    }
    reply = await client.post("/probation-cases", json=body)
    assert (reply.status_code, reply.json()["errorCode"]) == (409, "CASE_EXISTS")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"managerUsername": "NOBODY.AT.ALL"}, "STAFF_UNKNOWN"),
        ({"dateOfBirth": "2030-01-01"}, "DATE_OF_BIRTH_IN_FUTURE"),
        ({"sentence": sentence(expectedEndDate="2023-01-01")}, "SENTENCE_ENDS_BEFORE_START"),
        ({"crn": "x1"}, "INVALID"),
        ({"crn": "X\u0661\u0662\u0663\u0664\u0665\u0666"}, "INVALID"),
        ({"crn": "X123456\n"}, "INVALID"),
        ({"nomsNumber": "1234"}, "INVALID"),
    ],
)
async def test_a_case_that_cannot_be_opened_leaves_nothing(world: World, changes: dict[str, object], code: str) -> None:
    before = await world.fetch("select count(*) as cases from probation.person")
    client = await world.client("probation", roles=[CASES])
    body = {
        "name": {"forename": "A", "surname": "B"},
        "dateOfBirth": "1980-01-01",
        "gender": "Male",
        **changes,
    }
    reply = await client.post("/probation-cases", json=body)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, code)
    assert await world.fetch("select count(*) as cases from probation.person") == before


async def test_a_body_with_many_faults_is_told_all_of_them(world: World) -> None:
    client = await world.client("probation", roles=[CASES])
    body = {"name": {"forename": ""}, "dateOfBirth": "1980-02-30", "gender": 7, "sentence": {"startDate": "soon"}}
    reply = await client.post("/probation-cases", json=body)
    assert reply.status_code == 400
    assert {one["field"] for one in reply.json()["errors"]} == {
        "name.forename", "name.surname", "dateOfBirth", "gender", "sentence.description", "sentence.startDate",
        "sentence.mainOffence",
    }  # fmt: skip


async def test_of_many_cases_opened_at_once_with_one_number_one_is_opened(world: World) -> None:
    noms = noms_number()
    client = await world.client("probation", roles=[CASES])
    body = {"name": {"forename": "A", "surname": "B"}, "dateOfBirth": "1980-01-01", "gender": "Male"}
    for number, code in (({"nomsNumber": noms}, "NOMS_NUMBER_TAKEN"), ({"crn": "X999002"}, "CASE_EXISTS")):
        replies = await asyncio.gather(*(client.post("/probation-cases", json=body | number) for _ in range(4)))
        assert sorted(one.status_code for one in replies) == [201, 409, 409, 409]
        assert {one.json()["errorCode"] for one in replies if one.status_code == 409} == {code}


async def test_of_many_cases_linked_at_once_to_one_number_one_is_linked(world: World) -> None:
    noms, crns = noms_number(), [await open_case(world) for _ in range(3)]
    client = await world.client("probation", roles=[CASES])
    replies = await asyncio.gather(
        *(client.put(f"/probation-case/{crn}/noms-number", json={"nomsNumber": noms}) for crn in crns)
    )
    assert sorted(one.status_code for one in replies) == [200, 409, 409]


async def test_a_case_linked_to_one_number_cannot_be_linked_to_another(world: World) -> None:
    crn = await open_case(world, nomsNumber=noms_number())
    client = await world.client("probation", roles=[CASES])
    reply = await client.put(f"/probation-case/{crn}/noms-number", json={"nomsNumber": noms_number()})
    assert (reply.status_code, reply.json()["errorCode"]) == (409, "NOMS_NUMBER_TAKEN")


async def test_numbering_passes_over_a_crn_that_was_given(world: World) -> None:
    number = int((await open_case(world))[1:])
    await open_case(world, crn=f"T{number + 1:06}")
    assert await open_case(world) == f"T{number + 2:06}"


async def test_opening_a_case_twice_with_one_key_opens_one(world: World) -> None:
    client = await world.client("probation", roles=[CASES])
    body = {"name": {"forename": "A", "surname": "B"}, "dateOfBirth": "1980-01-01", "gender": "Male"}
    headers = {"Idempotency-Key": "open-the-case-of-a-b"}
    first, second = [await client.post("/probation-cases", json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


async def test_details_tell_what_a_referral_needs(world: World) -> None:
    crn = await open_case(
        world,
        profile={
            "primaryLanguage": "Welsh",
            "ethnicity": "White: Any other background",
            "disabilities": [{"type": "Hearing difficulties", "startDate": "2019-05-06", "notes": "Left ear"}],
        },
        contactDetails={
            "mainAddress": {"addressNumber": "7", "streetName": "Elm Grove", "postcode": "ZZ1 1ZZ"},
            "mobileNumber": "07700 900000",
        },
    )
    client = await world.client("probation", roles=[CASE_DETAIL])
    found = (await client.get(f"/probation-case/{crn}/details")).json()
    assert found["name"] == {"forename": "Jo", "surname": "Bloggs"}
    assert found["dateOfBirth"] == "1990-02-03"
    assert found["profile"]["primaryLanguage"] == "Welsh"
    assert found["profile"]["disabilities"] == [
        {"type": "Hearing difficulties", "startDate": "2019-05-06", "notes": "Left ear"}
    ]
    assert found["contactDetails"]["mainAddress"]["postcode"] == "ZZ1 1ZZ"
    assert found["contactDetails"]["mobileNumber"] == "07700 900000"


async def test_convictions_tell_the_sentence_and_its_requirement(world: World) -> None:
    crn = await open_case(world)
    client = await world.client("probation", roles=[CASE_DETAIL])
    listed = (await client.get(f"/probation-case/{crn}/convictions")).json()
    assert listed["caseDetail"]["crn"] == crn
    [one] = listed["convictions"]
    assert one["sentence"]["expectedEndDate"] == "2025-01-14"
    assert one["sentence"]["hasRar"] is True
    assert one["mainOffence"] == {"category": "Theft", "subCategory": "Shoplifting"}
    single = (await client.get(f"/probation-case/{crn}/convictions/{one['id']}")).json()
    assert single["conviction"] == one
    missing = await client.get(f"/probation-case/{crn}/convictions/{one['id'] + 1000}")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "CONVICTION_NOT_FOUND")


async def test_identifiers_are_told_with_and_without_a_prison_number(world: World) -> None:
    noms = noms_number()
    client = await world.client("probation", roles=[CASE_DETAIL])
    for crn, number in ((await open_case(world, nomsNumber=noms), noms), (await open_case(world), None)):
        reply = await client.get(f"/probation-case/{crn}/identifiers")
        assert reply.json() == {"crn": crn, "nomsId": number}
    machine = await world.client("probation", roles=[HMPPS_API])
    missing = await machine.get("/identifier-converter/noms-to-crn/A9999ZZ")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "NOMS_NUMBER_NOT_FOUND")


async def test_existence_is_told_with_200_either_way(world: World) -> None:
    crn = await open_case(world)
    client = await world.client("probation", roles=[HMPPS_API])
    assert (await client.get(f"/exists-in-delius/crn/{crn}")).json() == {"crn": crn, "existsInDelius": True}
    reply = await client.get("/exists-in-delius/crn/Z999999")
    assert (reply.status_code, reply.json()) == (200, {"crn": "Z999999", "existsInDelius": False})


async def test_search_finds_by_either_identifier_and_tells_of_an_active_sentence(world: World) -> None:
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms)
    unsentenced = await open_case(world, sentence=None)
    client = await world.client("probation", roles=[HMPPS_API])
    for body in ({"crn": crn}, {"nomsNumber": noms}):
        [found] = (await client.post("/search/probation-cases", json=body)).json()
        assert found["otherIds"] == {"crn": crn, "nomsNumber": noms}
        assert found["activeProbationManagedSentence"] is True
    [other] = (await client.post("/search/probation-cases", json={"crn": unsentenced})).json()
    assert other["activeProbationManagedSentence"] is False
    assert (await client.post("/search/probation-cases", json={"crn": "Z999999"})).json() == []
    refused = await client.post("/search/probation-cases", json={})
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "CRITERION_MISSING")


@pytest.mark.parametrize(
    "path",
    [
        "/probation-case/Z999999/details",
        "/probation-case/Z999999/identifiers",
        "/probation-case/Z999999/responsible-officer",
        "/probation-case/Z999999/convictions",
        "/probation-case/Z999999/nsis",
        "/probation-case/Z999999/contacts",
        "/probation-case/Z999999/registrations",
    ],
)
async def test_an_unknown_case_is_not_found(world: World, path: str) -> None:
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.get(path)
    assert (reply.status_code, reply.json()["errorCode"]) == (404, "CASE_NOT_FOUND")


async def test_another_role_opens_no_door(world: World) -> None:
    crn = await open_case(world)
    client = await world.client("probation", roles=["ROLE_PRISONER_SEARCH"])
    for path in (f"/probation-case/{crn}/details", f"/exists-in-delius/crn/{crn}", "/office-locations"):
        assert (await client.get(path)).status_code == 403
    assert (await client.post("/probation-cases", json={})).status_code == 403
    assert (await world.anonymous("probation").get("/office-locations")).status_code == 401


async def test_offices_and_delivery_units_are_listed(world: World) -> None:
    client = await world.client("probation", roles=[CASE_DETAIL])
    offices = (await client.get("/office-locations")).json()
    assert {"CRSEXTL", "CRS0276"} <= {one["code"] for one in offices}
    assert len((await client.get("/probation-delivery-units")).json()) == 108


def _crn(event: dict[str, object]) -> object:
    information = event["additionalInformation"]
    assert isinstance(information, dict)
    return information["crn"]
