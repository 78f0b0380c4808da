"""Assessments as they are recorded, announced, and read as a timeline and as needs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.service.risks_and_needs.assessments import (
    OTHER,
    PRACTITIONER,
    WRITER,
    ago,
    assessment,
    open_case,
    put_assessment,
    record,
    signed_in,
    system,
)
from tests.world import World

Json = dict[str, Any]
SCORES = {
    "ALL_REOFFENDING": {"type": "ALL_REOFFENDING", "staticOrDynamic": "STATIC", "score": 60, "band": "HIGH"},
    "COMBINED_SERIOUS": {"type": "COMBINED_SERIOUS", "staticOrDynamic": "DYNAMIC", "score": 3, "band": "LOW"},
}


async def announced(world: World, crn: str) -> list[Json]:
    """The events about the person's assessments, oldest first."""
    kinds = ("assessment.", "risk-assessment.")
    events = [one for one in await world.events() if one["eventType"].startswith(kinds)]
    return [one for one in events if one["additionalInformation"]["crn"] == crn]


@pytest.mark.parametrize(
    ("scores", "kinds"),
    [
        ([], []),
        (["ALL_REOFFENDING"], ["risk-assessment.scores.determined", "risk-assessment.scores.ogrs.determined"]),
        (["COMBINED_SERIOUS"], ["risk-assessment.scores.determined", "risk-assessment.scores.rsr.determined"]),
        (["ALL_REOFFENDING", "COMBINED_SERIOUS"],
         ["risk-assessment.scores.determined", "risk-assessment.scores.ogrs.determined",
          "risk-assessment.scores.rsr.determined"]),
    ],
)  # fmt: skip
async def test_an_assessment_announces_its_summary_and_the_scores_that_it_found(
    world: World, scores: list[str], kinds: list[str]
) -> None:
    crn = await open_case(world)
    number = await record(world, crn, nomsNumber="A1234ZX", predictors=[SCORES[one] for one in scores])
    events = await announced(world, crn)
    assert [one["eventType"] for one in events] == ["assessment.summary.produced", *kinds]
    reader = await system(world)
    for event in events:
        assert event["additionalInformation"] == {"crn": crn, "assessmentId": number}
        assert event["personReference"]["identifiers"] == [
            {"type": "NOMS", "value": "A1234ZX"}, {"type": "CRN", "value": crn},
        ]  # fmt: skip
        path = event["detailUrl"].partition("/assess-risks-and-needs")[2]
        assert (await reader.get(path)).json()["status"] == "COMPLETE"


async def test_a_score_that_was_not_calculated_is_not_announced(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, predictors=[SCORES["COMBINED_SERIOUS"] | {"score": None}])
    kinds = [one["eventType"] for one in await announced(world, crn)]
    assert kinds == ["assessment.summary.produced", "risk-assessment.scores.determined"]


async def test_the_summary_is_found_under_the_status_that_the_event_named(world: World) -> None:
    crn = await open_case(world)
    number = await record(world, crn, status="LOCKED_INCOMPLETE")
    reader = await system(world)
    assert (await reader.get(f"/assessments/id/{number}/summary/LOCKED_INCOMPLETE")).status_code == 200
    reply = await reader.get(f"/assessments/id/{number}/summary/COMPLETE")
    assert (reply.status_code, reply.json()["errorCode"]) == (404, "ASSESSMENT_NOT_FOUND")


async def test_one_assessment_is_completed_at_one_moment(world: World) -> None:
    crn, body = await open_case(world), assessment(completedDate=ago(world, days=2))
    replies = await asyncio.gather(*(put_assessment(world, crn, body) for _ in range(4)))
    assert sorted(one.status_code for one in replies) == [200, 409, 409, 409]
    assert {one.json()["errorCode"] for one in replies if one.status_code == 409} == {"ASSESSMENT_EXISTS"}
    assert len(await announced(world, crn)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"completedDate": "2024-03-05T12:00:00Z"}, "COMPLETED_DATE_WRONG"),
        ({"completedDate": "2024-03-01T12:00:00Z", "initiationDate": "2024-03-02T12:00:00Z"}, "COMPLETED_DATE_WRONG"),
        ({"rosh": {"riskInCommunity": {"Prisoners": "LOW"}}}, "GROUP_NOT_IN_SETTING"),
        ({"predictors": [SCORES["COMBINED_SERIOUS"]] * 2}, "PREDICTOR_TWICE"),
        ({"needs": [{"section": "MAGIC"}]}, "SECTION_UNKNOWN"),
        ({"needs": [{"section": "ATTITUDE"}] * 2}, "SECTION_UNKNOWN"),
        ({"rosh": {"riskInCommunity": {"Public": "EXTREME"}}}, "INVALID"),
        ({"predictors": [SCORES["COMBINED_SERIOUS"] | {"score": 100.5}]}, "INVALID"),
        ({"completedDate": "0001-01-01T00:00:00+14:00", "initiationDate": "0001-01-01T00:00:00+14:00"}, "OUT_OF_RANGE"),
        ({"nomsNumber": "A12"}, "INVALID"),
    ],
)
async def test_an_assessment_that_cannot_be_leaves_nothing(world: World, changes: Json, code: str) -> None:
    crn = await open_case(world)
    reply = await put_assessment(world, crn, assessment(**changes))
    assert (reply.status_code, reply.json()["errorCode"]) == (400, code)
    assert await announced(world, crn) == []
    assert await world.fetch("select 1 from risks_and_needs.assessment where crn = $1", crn) == []


async def test_only_its_own_role_records_assessments(world: World) -> None:
    for client in (await signed_in(world, PRACTITIONER), await system(world)):
        assert (await client.put("/assessments/crn/X100000", json={})).status_code == 403
    reply = await (await system(world, WRITER)).put("/assessments/crn/x1", json={})
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "INVALID")


async def test_the_timeline_tells_every_assessment_newest_first_by_either_number(world: World) -> None:
    crn = await open_case(world)
    noms = f"A{int(crn[1:]) % 10_000:04}ZW"
    for days, layer in ((30, "LAYER3"), (10, "LAYER1"), (5, "STANDALONE")):
        await record(world, crn, nomsNumber=noms, completedDate=ago(world, days=days), assessmentType=layer)
    await record(world, crn, nomsNumber=noms, status="OPEN", initiationDate=ago(world, days=20))
    client = await signed_in(world, PRACTITIONER)
    for kind, value in (("crn", crn), ("CRN", crn), ("nomisId", noms)):
        found = (await client.get(f"/assessments/timeline/{kind}/{value}")).json()["timeline"]
        assert [(one["assessmentType"], one["status"]) for one in found] == [
            ("LAYER1", "COMPLETE"), ("LAYER3", "OPEN"), ("LAYER3", "COMPLETE"),
        ]  # fmt: skip
        assert [set(one) for one in found] == [
            {"assessmentId", "initiationDate", "completedDate", "assessmentType", "status"}
        ] * 3
    wrong = await client.get(f"/assessments/timeline/pnc/{crn}")
    assert (wrong.status_code, wrong.json()["errorCode"]) == (400, "IDENTIFIER_TYPE_UNKNOWN")
    for value in ("X000404", await open_case(world)):
        missing = await client.get(f"/assessments/timeline/crn/{value}")
        assert (missing.status_code, missing.json()["errorCode"]) == (404, "ASSESSMENT_NOT_FOUND")


async def test_the_timeline_of_a_limited_case_is_for_those_who_may_see_it(world: World) -> None:
    crn = await open_case(world, excludedFrom=[OTHER])
    noms = f"A{int(crn[1:]) % 10_000:04}ZV"
    await record(world, crn, nomsNumber=noms)
    for path in (f"crn/{crn}", f"nomisId/{noms}"):
        reply = await (await signed_in(world, OTHER)).get(f"/assessments/timeline/{path}")
        assert (reply.status_code, reply.json()["errorCode"]) == (403, "CASE_LIMITED")
        assert (await (await signed_in(world, PRACTITIONER)).get(f"/assessments/timeline/{path}")).status_code == 200
        reader = await system(world, "ROLE_OFFENDER_RISK_RO")
        assert (await reader.get(f"/assessments/timeline/{path}")).status_code == 200


async def test_needs_are_told_by_their_thresholds(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, version=2, needs=[
        {"section": "ATTITUDE", "score": 2, "riskOfHarm": True, "riskOfReoffending": False},
        {"section": "ACCOMMODATION", "score": 2},
        {"section": "ALCOHOL_MISUSE", "score": 3},
        {"section": "FINANCE", "score": 50},
        {"section": "RELATIONSHIPS"},
    ])  # fmt: skip
    found = (await (await signed_in(world, PRACTITIONER)).get(f"/needs/crn/{crn}")).json()
    assert [one["section"] for one in found["identifiedNeeds"]] == ["ACCOMMODATION", "ATTITUDE"]
    assert found["identifiedNeeds"][1] == {
        "section": "ATTITUDE", "name": "Attitudes", "riskOfHarm": True, "riskOfReoffending": False, "score": 2,
        "oasysThreshold": {"standard": 2},
    }  # fmt: skip
    assert [one["section"] for one in found["notIdentifiedNeeds"]] == ["ALCOHOL_MISUSE", "FINANCE"]
    assert [one["section"] for one in found["unansweredNeeds"]] == ["RELATIONSHIPS"]
    assert found["assessmentVersion"] == "SAN"
    assert (await (await system(world, "ROLE_SENTENCE_PLAN_READ")).get(f"/needs/{crn}")).json() == found


async def test_needs_come_from_the_newest_full_assessment_in_time_or_are_not_found(world: World) -> None:
    crn = await open_case(world)
    client = await signed_in(world, PRACTITIONER)
    needs = [{"section": "ATTITUDE", "score": 9}]
    await record(world, crn, completedDate=ago(world, days=1), assessmentType="LAYER1", needs=needs)
    assert (await client.get(f"/needs/crn/{crn}")).json()["errorCode"] == "ASSESSMENT_NOT_FOUND"
    await record(world, crn, completedDate=ago(world, weeks=56), needs=needs)
    assert (await client.get(f"/needs/crn/{crn}")).status_code == 404
    assert len((await client.get(f"/needs/crn/{crn}/57")).json()["identifiedNeeds"]) == 1
    limited = await open_case(world, restrictedTo=[PRACTITIONER])
    assert (await (await signed_in(world, OTHER)).get(f"/needs/crn/{limited}")).json()["errorCode"] == "CASE_LIMITED"
