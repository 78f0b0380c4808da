"""Scores of a person over time, in the shape of the tools that found them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.risks_and_needs.assessments import (
    OTHER,
    PRACTITIONER,
    ago,
    open_case,
    record,
    signed_in,
    system,
)
from tests.world import World

Json = dict[str, Any]


def score(kind: str, value: float | None, band: str | None, basis: str = "DYNAMIC", **changes: Any) -> Json:
    return {"type": kind, "staticOrDynamic": basis, "score": value, "band": band, **changes}


OLDER = [
    score("ALL_REOFFENDING", 60, "HIGH", "STATIC", oneYearScore=45),
    score("ALL_REOFFENDING", 55.5, "MEDIUM", oneYearScore=40, staticWeightedScore=12, dynamicWeightedScore=20.5,
          totalWeightedScore=32.5),
    score("VIOLENT_REOFFENDING", 22, "LOW", oneYearScore=11, staticWeightedScore=5, dynamicWeightedScore=6,
          totalWeightedScore=11),
    score("COMBINED_SERIOUS", 3.45, "MEDIUM", algorithmVersion="5"),
    score("DIRECT_CONTACT_SEXUAL", 1.1, "LOW"),
    score("INDIRECT_IMAGE_SEXUAL", 0.2, "LOW"),
    score("CONTACT_SEXUAL", 2.2, "MEDIUM"),
    score("INDECENT_IMAGE_SEXUAL", None, "NOT_APPLICABLE"),
]  # fmt: skip
NEWER = [
    score("ALL_REOFFENDING", 60, "HIGH", "STATIC"),
    score("ALL_REOFFENDING", None, None),
    score("VIOLENT_REOFFENDING", 22, "LOW"),
    score("VIOLENT_REOFFENDING", 30, "MEDIUM", "STATIC"),
    score("COMBINED_SERIOUS", 3.45, "MEDIUM", "STATIC", algorithmVersion="6"),
    score("DIRECT_CONTACT_SEXUAL", 1.1, "LOW"),
]


async def history(world: World, crn: str, kind: str = "all", username: str = PRACTITIONER) -> list[Json]:
    reply = await (await signed_in(world, username)).get(f"/risks/predictors/{kind}/crn/{crn}")
    assert reply.status_code == 200, reply.text
    found: list[Json] = reply.json()
    return found


async def test_scores_of_the_older_tools_have_their_shape(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, predictors=OLDER)
    [found] = await history(world, crn)
    assert found.pop("completedDate")
    assert found == {
        "status": "COMPLETE", "assessmentType": "LAYER3", "outputVersion": "1",
        "output": {
            "groupReconvictionScore": {"oneYear": 45, "twoYears": 60, "scoreLevel": "HIGH"},
            "violencePredictorScore": {
                "ovpStaticWeightedScore": 5, "ovpDynamicWeightedScore": 6, "ovpTotalWeightedScore": 11, "oneYear": 11,
                "twoYears": 22, "ovpRisk": "LOW",
            },
            "generalPredictorScore": {
                "ogpStaticWeightedScore": 12, "ogpDynamicWeightedScore": 20.5, "ogpTotalWeightedScore": 32.5,
                "ogp1Year": 40, "ogp2Year": 55.5, "ogpRisk": "MEDIUM",
            },
            "riskOfSeriousRecidivismScore": {
                "percentageScore": 3.45, "staticOrDynamic": "DYNAMIC", "source": "OASYS", "algorithmVersion": "5",
                "scoreLevel": "MEDIUM",
            },
            "sexualPredictorScore": {
                "ospContactPercentageScore": 2.2, "ospContactScoreLevel": "MEDIUM",
                "ospIndecentScoreLevel": "NOT_APPLICABLE", "ospIndirectImagePercentageScore": 0.2,
                "ospDirectContactPercentageScore": 1.1, "ospIndirectImageScoreLevel": "LOW",
                "ospDirectContactScoreLevel": "LOW",
            },
        },
    }  # fmt: skip
    [serious] = await history(world, crn, "rsr")
    assert serious["output"] == {
        "rsrPercentageScore": 3.45, "rsrScoreLevel": "MEDIUM", "ospcPercentageScore": 2.2, "ospcScoreLevel": "MEDIUM",
        "ospiScoreLevel": "NOT_APPLICABLE", "ospiiPercentageScore": 0.2, "ospiiScoreLevel": "LOW",
        "ospdcPercentageScore": 1.1, "ospdcScoreLevel": "LOW", "staticOrDynamic": "DYNAMIC", "algorithmVersion": "5",
    }  # fmt: skip


async def test_scores_of_the_newer_tools_are_dynamic_where_calculated_else_static_else_empty(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, predictors=NEWER)
    [found] = await history(world, crn)
    serious = {
        "seriousViolentReoffendingPredictor": {},
        "directContactSexualReoffendingPredictor": {"score": 1.1, "band": "LOW"},
        "indirectImageContactSexualReoffendingPredictor": {},
        "combinedSeriousReoffendingPredictor": {
            "score": 3.45, "band": "MEDIUM", "staticOrDynamic": "STATIC", "algorithmVersion": "6",
        },
    }  # fmt: skip
    assert found["outputVersion"] == "2"
    assert found["output"] == {
        "allReoffendingPredictor": {"score": 60, "band": "HIGH", "staticOrDynamic": "STATIC"},
        "violentReoffendingPredictor": {"score": 22, "band": "LOW", "staticOrDynamic": "DYNAMIC"},
        **serious,
    }
    [only_serious] = await history(world, crn, "rsr")
    assert only_serious["output"] == serious


async def test_the_history_is_newest_first_and_leaves_scores_on_their_own_out(world: World) -> None:
    crn = await open_case(world)
    for days, layer, version in (
        (30, "LAYER3", "5"),
        (10, "LAYER1", "6"),
        (5, "STANDALONE", "6"),
        (20, "LAYER3", None),
    ):
        combined = score("COMBINED_SERIOUS", 2, "LOW", algorithmVersion=version)
        await record(world, crn, completedDate=ago(world, days=days), assessmentType=layer, predictors=[combined])
    await record(world, crn, completedDate=ago(world, days=1))
    await record(world, crn, status="LOCKED_INCOMPLETE", initiationDate=ago(world, days=40), predictors=NEWER)
    listed = await history(world, crn)
    assert [(one["assessmentType"], one["outputVersion"], one["status"]) for one in listed] == [
        ("LAYER1", "2", "COMPLETE"), ("LAYER3", "1", "COMPLETE"), ("LAYER3", "1", "COMPLETE"),
        ("LAYER3", "2", "LOCKED_INCOMPLETE"),
    ]  # fmt: skip
    assert [one["outputVersion"] for one in await history(world, crn, "rsr")] == ["2", "1", "2"]
    assert [one.get("completedDate", "")[:10] for one in listed] == ["2024-02-23", "2024-02-13", "2024-02-03", ""]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("5", "1"),
        ("6", "2"),
        ("10", "2"),
        ("6.1", "2"),
        ("5.9", "1"),
        ("six", "1"),
        ("6a", "1"),
        ("\u0666", "1"),
        (None, "1"),
    ],
)
async def test_the_shape_follows_the_version_of_the_combined_score(
    world: World, version: str | None, expected: str
) -> None:
    crn = await open_case(world)
    await record(world, crn, predictors=[score("COMBINED_SERIOUS", 2, "LOW", algorithmVersion=version)])
    assert [one["outputVersion"] for one in await history(world, crn)] == [expected]


@pytest.mark.parametrize("missing", [{"score": None}, {"band": None}, {"algorithmVersion": None}])
async def test_a_serious_score_that_is_not_whole_is_not_listed(world: World, missing: Json) -> None:
    crn = await open_case(world)
    await record(world, crn, predictors=[score("COMBINED_SERIOUS", 2, "LOW", algorithmVersion="6") | missing])
    assert await history(world, crn, "rsr") == []
    assert len(await history(world, crn)) == 1


async def test_scores_of_a_limited_case_are_for_those_who_may_see_it(world: World) -> None:
    crn = await open_case(world, excludedFrom=[OTHER], exclusionMessage="Ask first")
    await record(world, crn, predictors=OLDER)
    client = await signed_in(world, OTHER)
    for kind in ("all", "rsr"):
        reply = await client.get(f"/risks/predictors/{kind}/crn/{crn}")
        assert (reply.status_code, reply.json()["errorCode"]) == (403, "CASE_LIMITED")
        assert reply.json()["exclusionMessage"] == "Ask first"
    assert (await client.get("/risks/predictors/all/crn/X000404")).status_code == 404
    machine = await system(world, "ROLE_PROBATION")
    assert (await machine.get(f"/risks/predictors/all/crn/{crn}")).json()["errorCode"] == "USER_NEEDED"
    reader = await system(world, "ROLE_RISK_INTEGRATIONS_RO")
    assert (await reader.get(f"/risks/predictors/all/crn/{crn}")).status_code == 200


async def test_a_person_is_asked_for_by_crn_in_any_case_and_by_nothing_else(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, predictors=OLDER)
    client = await system(world)
    path = "/risks/predictors/unsafe/all"
    assert len((await client.get(f"{path}/CRN/{crn}")).json()) == 1
    reply = await client.get(f"{path}/nomisId/{crn}")
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "IDENTIFIER_TYPE_UNKNOWN")
    practitioner = await signed_in(world, PRACTITIONER)
    reply = await practitioner.get(f"/risks/predictors/all/nomisId/{crn}")
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "IDENTIFIER_TYPE_UNKNOWN")
    assert (await practitioner.get(f"{path}/crn/{crn}")).status_code == 403


async def test_one_assessments_scores_are_read_by_its_id(world: World) -> None:
    crn = await open_case(world)
    number, empty = (
        await record(world, crn, predictors=NEWER, completedDate=ago(world, days=1)),
        await record(world, crn),
    )
    client = await system(world)
    found = (await client.get(f"/assessments/id/{number}/risk/predictors/all")).json()
    assert [found] == await history(world, crn)
    for unknown in (empty, 999_999_999):
        reply = await client.get(f"/assessments/id/{unknown}/risk/predictors/all")
        assert (reply.status_code, reply.json()["errorCode"]) == (404, "ASSESSMENT_NOT_FOUND")
    assert (await client.get(f"/assessments/id/{2**63}/risk/predictors/all")).status_code == 400
