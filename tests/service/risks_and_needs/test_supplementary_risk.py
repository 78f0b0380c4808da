"""Supplementary risk: written once by a practitioner, read by those who may see the case or hold the referral."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.service.risks_and_needs.assessments import (
    CASEWORKER,
    OTHER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    Referrals,
    hold_referral,
    open_case,
    signed_in,
    supplementary,
    system,
)
from tests.world import World

PATH = "/risks/supplementary"
Json = dict[str, Any]


def refused(reply: httpx2.Response, status: int, code: str) -> Json:
    found: Json = reply.json()
    assert (reply.status_code, found["errorCode"]) == (status, code), reply.text
    return found


async def write(world: World, body: Json, username: str = PRACTITIONER) -> httpx2.Response:
    return await (await signed_in(world, username)).post(PATH, json=body)


async def announced(world: World, source_id: str) -> list[Json]:
    events = await world.events("risk.supplementary.created")
    return [one for one in events if one["additionalInformation"]["sourceId"] == source_id]


async def test_what_is_written_is_on_record_under_its_writer_and_announced_without_a_word_of_it(world: World) -> None:
    body = supplementary(await open_case(world), world, createdByUser="SOMEBODY.ELSE", createdByUserType="nomis")
    reply = await write(world, body)
    assert reply.status_code == 201
    made = reply.json()
    risk_id = made.pop("supplementaryRiskId")
    assert made == {
        "source": "INTERVENTION_REFERRAL", "sourceId": body["sourceId"], "crn": body["crn"],
        "createdByUser": PRACTITIONER, "createdByUserType": "delius", "createdDate": body["createdDate"],
        "riskSummaryComments": "May be anxious in groups",
        "redactedRisk": {"riskWho": "Staff", "riskWhen": "", "riskNature": "", "concernsSelfHarm": "",
                         "concernsSuicide": "", "concernsHostel": "Shares badly", "concernsVulnerability": ""},
    }  # fmt: skip
    assert (await (await signed_in(world, OTHER)).get(f"{PATH}/{risk_id}")).json() == {
        "supplementaryRiskId": risk_id, **made,
    }  # fmt: skip
    [event] = await announced(world, body["sourceId"])
    assert event["additionalInformation"] == {
        "supplementaryRiskId": risk_id, "source": "INTERVENTION_REFERRAL", "sourceId": body["sourceId"],
    }  # fmt: skip
    assert event["personReference"]["identifiers"] == [{"type": "CRN", "value": body["crn"]}]
    assert event["detailUrl"].endswith(f"/assess-risks-and-needs{PATH}/{risk_id}")
    assert "anxious" not in str(event)
    assert "Staff" not in str(event)


async def test_the_same_content_again_is_the_same_record_also_at_once_and_by_another(world: World) -> None:
    body = supplementary(await open_case(world), world)
    replies = await asyncio.gather(*(write(world, body) for _ in range(6)))
    assert sorted(one.status_code for one in replies) == [200] * 5 + [201]
    later = await write(world, {**body, "createdDate": "2024-03-04T11:00:00"}, OTHER)
    assert later.status_code == 200
    assert {one.json()["supplementaryRiskId"] for one in (*replies, later)} == {later.json()["supplementaryRiskId"]}
    assert (later.json()["createdByUser"], later.json()["createdDate"]) == (PRACTITIONER, body["createdDate"])
    assert len(await announced(world, body["sourceId"])) == 1


@pytest.mark.parametrize(
    "changes", [{"riskSummaryComments": "Other"}, {"redactedRisk": None}, {"redactedRisk": {"riskWho": "Public"}}]
)
async def test_other_content_for_the_same_referral_is_a_conflict_that_shows_what_is_there(
    world: World, changes: Json
) -> None:
    body = supplementary(await open_case(world), world)
    kept = (await write(world, body)).json()
    conflict = refused(await write(world, {**body, **changes}), 409, "SUPPLEMENTARY_RISK_EXISTS")
    assert {name: conflict[name] for name in kept} == kept
    assert (await (await signed_in(world, PRACTITIONER)).get(f"{PATH}/{kept['supplementaryRiskId']}")).json() == kept
    assert len(await announced(world, body["sourceId"])) == 1


async def test_a_conflict_shows_nothing_of_another_case(world: World) -> None:
    limited = await open_case(world, restrictedTo=[PRACTITIONER])
    body = supplementary(limited, world)
    assert (await write(world, body)).status_code == 201
    reply = await write(world, {**body, "crn": await open_case(world)}, OTHER)
    refused(reply, 409, "SUPPLEMENTARY_RISK_EXISTS")
    assert "anxious" not in reply.text
    assert limited not in reply.text


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"source": "SOMETHING"}, {"source"}),
        ({"sourceId": "1", "crn": "x", "createdDate": "soon"}, {"sourceId", "crn", "createdDate"}),
        ({"riskSummaryComments": "x" * 4001}, {"riskSummaryComments"}),
        ({"redactedRisk": {"riskWho": "x" * 4001, "concernsSuicide": 7}},
         {"redactedRisk.riskWho", "redactedRisk.concernsSuicide"}),
        ({"riskSummaryComments": None}, {"riskSummaryComments"}),
    ],
)  # fmt: skip
async def test_each_wrong_field_is_named(world: World, changes: Json, fields: set[str]) -> None:
    body = supplementary(await open_case(world), world) | changes
    problem = refused(await write(world, body), 400, "INVALID")
    assert {one["field"] for one in problem["errors"]} == fields
    assert await announced(world, str(body["sourceId"])) == []


async def test_texts_of_four_thousand_characters_and_empty_ones_are_taken(world: World) -> None:
    crn = await open_case(world)
    for text in ("x" * 4000, ""):
        body = supplementary(crn, world, riskSummaryComments=text, redactedRisk=None)
        made = (await write(world, body)).json()
        assert (made["riskSummaryComments"], made["redactedRisk"]) == (text, None)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("2024-03-04T11:00:00.5", "2024-03-04T11:00:00.500000"), ("2023-07-01T12:00:00", "2023-07-01T12:00:00"),
     ("2023-07-01T11:00:00Z", "2023-07-01T12:00:00")],
)  # fmt: skip
async def test_a_creation_date_is_londons_time(world: World, given: str, shown: str) -> None:
    made = (await write(world, supplementary(await open_case(world), world, createdDate=given))).json()
    assert datetime.fromisoformat(made["createdDate"]) == datetime.fromisoformat(shown)


async def test_a_creation_date_ahead_of_now_is_refused(world: World) -> None:
    body = supplementary(await open_case(world), world, createdDate="2024-03-04T13:00:00")
    refused(await write(world, body), 400, "CREATED_DATE_IN_FUTURE")


async def test_only_who_may_see_the_case_may_write_of_it(world: World) -> None:
    excluded = await open_case(world, excludedFrom=[OTHER], exclusionMessage="Ask the head of the unit")
    problem = refused(await write(world, supplementary(excluded, world), OTHER), 403, "CASE_LIMITED")
    assert (problem["exclusionMessage"], problem["restrictionMessage"]) == ("Ask the head of the unit", None)
    restricted = await open_case(world, restrictedTo=[PRACTITIONER], restrictionMessage="Review team only")
    problem = refused(await write(world, supplementary(restricted, world), OTHER), 403, "CASE_LIMITED")
    assert (problem["exclusionMessage"], problem["restrictionMessage"]) == (None, "Review team only")
    refused(await write(world, supplementary("X000404", world)), 404, "CASE_NOT_FOUND")
    machine = await system(world, "ROLE_PROBATION")
    refused(await machine.post(PATH, json=supplementary(excluded, world)), 403, "USER_NEEDED")
    caseworker = await signed_in(world, CASEWORKER)
    refused(await caseworker.post(PATH, json=supplementary(excluded, world)), 403, "ROLE_MISSING")
    assert (await world.anonymous("risks_and_needs").post(PATH, json={})).status_code == 401


async def test_a_provider_reads_it_for_a_referral_that_they_hold_and_no_other(
    world: World, referrals: Referrals
) -> None:
    crn = await open_case(world)
    source_id = await hold_referral(world, referrals, crn, CASEWORKER)
    [event] = await announced(world, source_id)
    path = f"{PATH}/{event['additionalInformation']['supplementaryRiskId']}"
    referrals.asked.clear()
    shown = (await (await signed_in(world, CASEWORKER)).get(path)).json()
    assert (shown["riskSummaryComments"], shown["redactedRisk"]["riskWho"]) == ("May be anxious in groups", "Staff")
    refused(await (await signed_in(world, OTHER_CASEWORKER)).get(path), 403, "NO_REFERRAL")
    assert referrals.asked == [(CASEWORKER, source_id), (OTHER_CASEWORKER, source_id)]
    del referrals.held[source_id]
    refused(await (await signed_in(world, CASEWORKER)).get(path), 403, "NO_REFERRAL")
    refused(await (await system(world, "ROLE_CRS_PROVIDER")).get(path), 403, "USER_NEEDED")


async def test_when_interventions_do_not_answer_a_provider_is_shown_nothing(world: World, referrals: Referrals) -> None:
    source_id = await hold_referral(world, referrals, await open_case(world), CASEWORKER)
    [event] = await announced(world, source_id)
    referrals.down = True
    reply = await (await signed_in(world, CASEWORKER)).get(
        f"{PATH}/{event['additionalInformation']['supplementaryRiskId']}"
    )
    referrals.down = False
    world.host.runtimes["risks_and_needs"].gateway.breaker("interventions").succeeded()
    refused(reply, 503, "PEER_UNAVAILABLE")
    assert "anxious" not in reply.text


async def test_a_limit_that_comes_later_keeps_a_practitioner_from_reading(world: World) -> None:
    crn = await open_case(world)
    made = (await write(world, supplementary(crn, world))).json()
    cases = await world.client("probation", roles=["ROLE_PROBATION_API__CASES__RW"])
    await cases.put(f"/probation-case/{crn}/access-limitations", json={"excludedFrom": [OTHER]})
    path = f"{PATH}/{made['supplementaryRiskId']}"
    reply = await (await signed_in(world, OTHER)).get(path)
    refused(reply, 403, "CASE_LIMITED")
    assert "anxious" not in reply.text
    assert (await (await signed_in(world, PRACTITIONER)).get(path)).status_code == 200


async def test_it_is_written_once_and_neither_changed_nor_deleted(world: World) -> None:
    made = (await write(world, supplementary(await open_case(world), world))).json()
    client = await signed_in(world, PRACTITIONER)
    for method in ("PUT", "PATCH", "DELETE"):
        reply = await client.request(method, f"{PATH}/{made['supplementaryRiskId']}", json={})
        assert reply.status_code == 405
    refused(await client.get(f"{PATH}/{uuid4()}"), 404, "SUPPLEMENTARY_RISK_NOT_FOUND")
    refused(await client.get(f"{PATH}/one"), 400, "INVALID")
