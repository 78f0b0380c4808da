"""Risk of serious harm: which assessment counts, and which reader sees what of it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.service.risks_and_needs.assessments import (
    CASEWORKER,
    OTHER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    Referrals,
    ago,
    hold_referral,
    open_case,
    record,
    signed_in,
    system,
)
from tests.world import World
from throughcare.services.auth.account.store import AccountStore

COMMUNITY = {"HIGH": ["Public", "Known Adult"], "MEDIUM": ["Staff"], "LOW": ["Children"]}
CUSTODY = {"VERY_HIGH": ["Staff"], "MEDIUM": ["Prisoners"]}
TEXTS = {
    "whoIsAtRisk": "Neighbours", "natureOfRisk": "Assault", "riskImminence": "When drunk",
    "riskIncreaseFactors": "Alcohol", "riskMitigationFactors": "Work", "analysisOfRiskFactors": "Reviewed",
}  # fmt: skip
CONCERN = {"risk": "YES", "previous": "YES", "previousConcernsText": "In 2019", "current": "NO"}
KINDS = ["summary", "", "widget"]

Json = dict[str, Any]


async def read(
    client: httpx2.AsyncClient, crn: str, kind: str = "summary", weeks: int | None = None
) -> httpx2.Response:
    parts = ["/risks/crn", crn, kind, str(weeks) if weeks else ""]
    return await client.get("/".join(part for part in parts if part))


async def shown(client: httpx2.AsyncClient, crn: str, kind: str = "summary", weeks: int | None = None) -> Json:
    reply = await read(client, crn, kind, weeks)
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found


def without_dates(body: Json) -> Json:
    return {
        name: without_dates(one) if isinstance(one, dict) else one for name, one in body.items() if name != "assessedOn"
    }


async def test_a_practitioner_sees_the_whole_summary(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, completedDate=ago(world, days=3), initiationDate=ago(world, days=9))
    found = await shown(await signed_in(world, PRACTITIONER), crn)
    assert found.pop("assessedOn").startswith("2024-03-01T12:00")
    assert found == {**TEXTS, "riskInCommunity": COMMUNITY, "riskInCustody": CUSTODY, "overallRiskLevel": "VERY_HIGH"}
    assert list(found["riskInCommunity"]) == ["HIGH", "MEDIUM", "LOW"]


async def test_a_practitioner_sees_every_answer_and_concerns_only_where_there_are_any(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn)
    found = without_dates(await shown(await signed_in(world, PRACTITIONER), crn, ""))
    assert found["riskToSelf"] == {
        "suicide": CONCERN, "hostelSetting": {"risk": "DK"}, "vulnerability": {"risk": "NO"},
    }  # fmt: skip
    assert found["otherRisks"] == {"escapeOrAbscond": "NO", "breachOfTrust": "YES"}
    assert found["summary"] == {
        **TEXTS, "riskInCommunity": COMMUNITY, "riskInCustody": CUSTODY, "overallRiskLevel": "VERY_HIGH",
    }  # fmt: skip


async def test_the_widget_tells_the_level_of_each_group(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn)
    found = without_dates(await shown(await signed_in(world, PRACTITIONER), crn, "widget"))
    assert found == {
        "overallRisk": "VERY_HIGH", "riskInCustody": {"Staff": "VERY_HIGH", "Prisoners": "MEDIUM"},
        "riskInCommunity": {"Children": "LOW", "Public": "HIGH", "Known Adult": "HIGH", "Staff": "MEDIUM"},
    }  # fmt: skip


async def test_a_provider_sees_the_community_and_the_risk_to_the_person_and_no_trace_of_custody(
    world: World, referrals: Referrals
) -> None:
    crn = await open_case(world)
    await record(world, crn)
    await hold_referral(world, referrals, crn, CASEWORKER)
    caseworker = await signed_in(world, CASEWORKER)
    trimmed = {"riskInCommunity": COMMUNITY, "overallRiskLevel": "HIGH"}
    assert without_dates(await shown(caseworker, crn)) == trimmed
    assert without_dates(await shown(caseworker, crn, "")) == {
        "riskToSelf": {"suicide": CONCERN, "hostelSetting": {"risk": "DK"}, "vulnerability": {"risk": "NO"}},
        "summary": trimmed,
    }  # fmt: skip
    assert set(without_dates(await shown(caseworker, crn, "widget"))) == {"overallRisk", "riskInCommunity"}
    for kind in KINDS:
        assert "VERY_HIGH" not in (await read(caseworker, crn, kind)).text


@pytest.mark.parametrize("kind", KINDS)
async def test_a_provider_without_a_referral_learns_not_even_whether_there_is_such_a_person(
    world: World, referrals: Referrals, kind: str
) -> None:
    crn = await open_case(world)
    await record(world, crn)
    await hold_referral(world, referrals, crn, CASEWORKER)
    other = await signed_in(world, OTHER_CASEWORKER)
    known, unknown = await read(other, crn, kind), await read(other, "X000404", kind)
    assert (known.status_code, known.json()["errorCode"]) == (403, "NO_REFERRAL")
    same = ("status", "errorCode", "userMessage", "developerMessage", "title", "detail")
    assert [known.json()[name] for name in same] == [unknown.json()[name] for name in same]
    machine = await system(world, "ROLE_CRS_PROVIDER")
    assert (await read(machine, crn, kind)).json()["errorCode"] == "USER_NEEDED"


async def test_any_referral_that_a_provider_holds_will_do(world: World, referrals: Referrals) -> None:
    crn = await open_case(world)
    await record(world, crn)
    await hold_referral(world, referrals, crn, CASEWORKER)
    for _ in range(7):
        await hold_referral(world, referrals, crn)
    assert (await read(await signed_in(world, CASEWORKER), crn)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
async def test_a_limited_case_is_refused_with_both_messages_and_nothing_else(world: World, kind: str) -> None:
    crn = await open_case(world, excludedFrom=[OTHER], exclusionMessage="Ask first", restrictedTo=[PRACTITIONER],
                          restrictionMessage="Review team only")  # fmt: skip
    await record(world, crn)
    reply = await read(await signed_in(world, OTHER), crn, kind)
    body = reply.json()
    assert (reply.status_code, body["errorCode"]) == (403, "CASE_LIMITED")
    assert (body["exclusionMessage"], body["restrictionMessage"]) == ("Ask first", "Review team only")
    assert "HIGH" not in reply.text
    assert (await read(await signed_in(world, PRACTITIONER), crn, kind)).status_code == 200


@pytest.mark.parametrize("crn", ["X000404", "x100000", "X1234567890123456789012345", "X10000\u0661", ".."])
async def test_a_case_that_is_not_there_is_not_found(world: World, crn: str) -> None:
    reply = await (await signed_in(world, PRACTITIONER)).get(f"/risks/crn/{crn}/summary")
    assert reply.status_code == 404


@pytest.mark.parametrize(
    ("role", "kind"),
    [("ROLE_ARNS__RISKS__RO", "summary"), ("ROLE_ACCREDITED_PROGRAMS_RO", "summary"),
     ("ROLE_OFFENDER_CATEGORISATION_RO", "summary"), ("ROLE_ESUPERVISION_API_RISKS_RO", "summary"),
     ("ROLE_ESUPERVISION_API_RISKS_RO", "widget"), ("ROLE_OFFENDER_RISK_RO", ""),
     ("ROLE_RISK_RESETTLEMENT_PASSPORT_RO", ""), ("ROLE_RISK_INTEGRATIONS_RO", "")],
)  # fmt: skip
async def test_a_system_sees_everything_without_a_user(world: World, role: str, kind: str) -> None:
    crn = await open_case(world, restrictedTo=[PRACTITIONER])
    await record(world, crn)
    found = await shown(await system(world, role), crn, kind)
    assert (found.get("summary") or found).get("overallRiskLevel", found.get("overallRisk")) == "VERY_HIGH"


@pytest.mark.parametrize(
    ("role", "kind"), [("ROLE_OFFENDER_RISK_RO", "summary"), ("ROLE_ARNS__RISKS__RO", ""),
                       ("ROLE_ARNS__RISKS__RO", "widget"), ("ROLE_ARNS__ASSESSMENTS__RW", "summary")]
)  # fmt: skip
async def test_a_role_opens_its_own_doors_alone(world: World, role: str, kind: str) -> None:
    reply = await read(await system(world, role), "X000404", kind)
    assert (reply.status_code, reply.json()["errorCode"]) == (403, "ROLE_MISSING")


async def test_systems_have_their_own_door_too(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, completedDate=ago(world, weeks=20))
    client = await system(world)
    assert (await client.get(f"/risks/rosh/{crn}")).json()["summary"]["overallRiskLevel"] == "VERY_HIGH"
    assert (await client.get(f"/risks/rosh/{crn}/19")).json() == {}
    assert (await client.get("/risks/rosh/X000404")).json() == {}
    practitioner = await signed_in(world, PRACTITIONER)
    assert (await practitioner.get(f"/risks/rosh/{crn}")).status_code == 403


async def test_the_newest_complete_assessment_within_the_timeframe_counts(world: World) -> None:
    crn = await open_case(world)
    client = await signed_in(world, PRACTITIONER)
    assert [await shown(client, crn, kind) for kind in KINDS] == [{}, {}, {}]

    async def level(weeks: int | None = None) -> str | None:
        return (await shown(client, crn, weeks=weeks)).get("overallRiskLevel")

    def only(level: str) -> Json:
        return {"riskInCommunity": {"Public": level}}

    await record(world, crn, completedDate=ago(world, weeks=56), rosh=only("HIGH"), initiationDate=ago(world, weeks=60))
    assert (await level(), await level(57), await level(56)) == (None, "HIGH", None)
    await record(world, crn, completedDate=ago(world, weeks=54), rosh=only("LOW"), assessmentType="LAYER1")
    assert (await level(), await level(57)) == ("LOW", "LOW")
    await record(world, crn, completedDate=ago(world, weeks=1), rosh=only("VERY_HIGH"), assessmentType="STANDALONE")
    await record(world, crn, status="LOCKED_INCOMPLETE", initiationDate=ago(world, weeks=1), rosh=only("VERY_HIGH"))
    await record(world, crn, status="OPEN", rosh=only("VERY_HIGH"))
    assert await level() == "LOW"
    await record(world, crn, completedDate=ago(world, weeks=2), rosh=only("MEDIUM"))
    assert (await level(), await level(1)) == ("MEDIUM", None)


async def test_an_assessment_without_levels_has_none_overall(world: World) -> None:
    crn = await open_case(world)
    await record(world, crn, rosh={})
    found = await shown(await signed_in(world, PRACTITIONER), crn)
    assert set(found) == {"riskInCommunity", "riskInCustody", "assessedOn"}
    assert (found["riskInCommunity"], found["riskInCustody"]) == ({}, {})


@pytest.mark.parametrize("weeks", ["0", "-1", "10001", "ten", "1.5"])
async def test_a_timeframe_is_a_number_of_weeks(world: World, weeks: str) -> None:
    crn = await open_case(world)
    client = await signed_in(world, PRACTITIONER)
    for path in (f"/risks/crn/{crn}/summary/{weeks}", f"/risks/crn/{crn}/{weeks}", f"/risks/crn/{crn}/widget/{weeks}"):
        reply = await client.get(path)
        assert (reply.status_code, reply.json()["errorCode"]) == (400, "INVALID")


async def test_a_person_with_any_other_readers_role_is_held_to_the_limits_too(world: World) -> None:
    async with world.context("auth").uow as uow:
        accounts = uow.store(AccountStore)
        account = await accounts.find_named("OLIVE.OPS", "nomis")
        assert account is not None
        code = "OFFENDER_CATEGORISATION_RO"
        await accounts.put_role({"role_code": code, "role_name": code, "role_description": code, "admin_type": []})
        await accounts.grant_role(account.user_id, code, by="TEST", at=world.clock.now())
    olive = await signed_in(world, "OLIVE.OPS")
    free, limited = await open_case(world), await open_case(world, excludedFrom=[OTHER])
    for crn in (free, limited):
        await record(world, crn)
    assert (await shown(olive, free))["overallRiskLevel"] == "VERY_HIGH"
    assert (await read(olive, limited)).json()["errorCode"] == "CASE_LIMITED"
    assert (await read(olive, "X000404")).json()["errorCode"] == "CASE_NOT_FOUND"
