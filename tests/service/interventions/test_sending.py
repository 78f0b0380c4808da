"""Sending a draft: what it needs, what it does, and what happens when a peer fails on the way."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import uuid4

import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    PRACTITIONER,
    Json,
    begun_draft,
    choose_level_and_outcome,
    mails,
    ok,
    problems,
    ready_draft,
    refused,
    sent_referral,
    signed_in,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import World
from throughcare.services.interventions.sending import usecases

pytestmark = pytest.mark.usefixtures("peers")


async def test_all_that_is_missing_is_reported_together(world: World) -> None:
    journey = await begun_draft(world)
    ok(
        await journey.as_practitioner(
            "PATCH",
            f"/draft-referral/{journey.referral_id}",
            json={"personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "LEI"},
        )
    )
    reply = await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send")
    missing = ("expectedReleaseDate", "additionalRiskInformation", "relevantSentenceId", "complexityLevels",
               "desiredOutcomes", "completionDeadline")  # fmt: skip
    assert problems(reply) == {(name, "CANNOT_BE_EMPTY") for name in missing}
    assert reply.json()["code"] == "RELEASE_DATE_MISSING"
    assert await journey.nsis() == []


INSIDE = {"personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "LEI"}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        (INSIDE, "expectedReleaseDate", "RELEASE_DATE_MISSING"),
        ({"additionalRiskInformation": None}, "additionalRiskInformation", "RISK_MISSING"),
        ({"relevantSentenceId": None}, "relevantSentenceId", "CANNOT_BE_EMPTY"),
        ({"personCurrentLocationType": None}, "personCurrentLocationType", "LOCATION_MISSING"),
        ({"completionDeadline": None}, "completionDeadline", "CANNOT_BE_EMPTY"),
    ],
)
async def test_each_thing_that_is_missing_has_its_code(world: World, changes: Json, field: str, code: str) -> None:
    journey = await ready_draft(world, **changes)
    reply = await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send")
    assert problems(reply) == {(field, "CANNOT_BE_EMPTY")}
    refused(reply, 400, code)


async def test_a_draft_without_a_category_is_not_sent(world: World) -> None:
    journey = await ready_draft(world)
    path = f"/draft-referral/{journey.referral_id}"
    ok(await journey.as_practitioner("PATCH", path, json={"serviceCategoryIds": []}))
    refused(await journey.as_practitioner("POST", f"{path}/send"), 400, "NO_CATEGORY_SELECTED")


async def test_without_a_free_reference_number_the_draft_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    journey, other = await ready_draft(world), await ready_draft(world)
    monkeypatch.setattr(usecases, "reference_candidate", lambda kind, chance: "AB2346ED")
    ok(await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send"), 201)
    path = f"/draft-referral/{other.referral_id}"
    refused(await other.as_practitioner("POST", f"{path}/send"), 503, "REFERENCE_EXHAUSTED")
    assert ok(await other.as_practitioner("GET", path))["id"] == other.referral_id
    assert await other.nsis() == []


async def test_a_sent_referral_holds_what_was_written(world: World) -> None:
    journey = await ready_draft(world)
    draft = ok(await journey.as_practitioner("GET", f"/draft-referral/{journey.referral_id}"))
    reply = await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send")
    sent = ok(reply, 201)
    assert reply.headers["Location"] == f"/sent-referral/{journey.referral_id}"
    assert sent == await journey.referral()
    assert sent["id"] == journey.referral_id
    assert re.fullmatch(r"[A-HJ-NP-Z]{2}[0-9]{4}ED", sent["referenceNumber"])
    assert sent["sentBy"] == {"username": PRACTITIONER.username, "authSource": "delius", "userId": "2500000001"}
    assert (sent["serviceUserCRN"], sent["relevantSentenceId"]) == (journey.crn, journey.sentence_id)
    inferred = {"additionalRiskInformation": None, "hasValidDeliusPPDetails": True,
                "hasMainPointOfContactDetails": False, "allocatedCommunityPP": None,
                "isReferralReleasingIn12Weeks": None}  # fmt: skip
    of_drafts_alone = {"keptUntil", "changedAt", "hasConfirmedPersonalDetails"}
    assert sent["referral"] == {
        name: value for name, value in {**draft, **inferred}.items() if name not in of_drafts_alone
    }
    assert (sent["assignedTo"], sent["actionPlanId"], sent["approvedActionPlanIds"]) == (None, None, None)
    assert (sent["endOfServiceReportCreationRequired"], sent["withdrawalState"]) == (False, "PRE_ICA_WITHDRAWAL")


async def test_sending_tells_risks_and_needs_and_the_case_record(world: World) -> None:
    journey = await sent_referral(world)
    sent = await journey.referral()
    risks = await world.signed_in(PRACTITIONER.username, "risks_and_needs")
    risk = ok(await risks.get(f"/risks/supplementary/{sent['supplementaryRiskId']}"))
    assert (risk["sourceId"], risk["crn"], risk["riskSummaryComments"], risk["redactedRisk"]) == (
        journey.referral_id,
        journey.crn,
        "May be anxious in groups",
        None,
    )
    [nsi] = await journey.nsis()
    assert nsi["externalReference"] == f"urn:hmpps:interventions-referral:{journey.referral_id}"
    assert (nsi["nsiType"]["code"], nsi["nsiStatus"]["code"], nsi["sentenceId"]) == (
        "CRS02",
        "INPROG",
        journey.sentence_id,
    )
    assert sent["referenceNumber"] in nsi["notes"]
    assert datetime.fromisoformat(nsi["actualStartDate"]) == datetime.fromisoformat(sent["sentAt"])
    rows = await world.fetch(
        "select relevant_sentence_end_date from interventions.referral where id::text = $1", journey.referral_id
    )
    assert str(rows[0]["relevant_sentence_end_date"]) == "2026-01-14"


async def test_an_edited_assessment_of_risk_goes_to_risks_and_needs(world: World) -> None:
    journey = await ready_draft(world)
    texts = {"riskSummaryWhoIsAtRisk": "Staff", "riskToSelfHostelSetting": "Shares badly",
             "additionalInformation": "Ask first"}  # fmt: skip
    path = f"/draft-referral/{journey.referral_id}/oasys-risk-information"
    ok(await journey.as_practitioner("PATCH", path, json=texts))
    sent = ok(await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send"), 201)
    risks = await world.signed_in(CASEWORKER.username, "risks_and_needs")
    risk = ok(await risks.get(f"/risks/supplementary/{sent['supplementaryRiskId']}"))
    assert risk["riskSummaryComments"] == "Ask first"
    assert (risk["redactedRisk"]["riskWho"], risk["redactedRisk"]["concernsHostel"]) == ("Staff", "Shares badly")


async def test_sending_publishes_and_writes_to_the_providers_mailbox_once(world: World) -> None:
    journey = await sent_referral(world)
    sent = await journey.referral()
    await world.drain()
    [event] = await journey.events()
    assert {name: event[name] for name in ("eventType", "version", "additionalInformation", "personReference")} == {
        "eventType": "intervention.referral.sent",
        "version": 1,
        "additionalInformation": {"referralId": journey.referral_id},
        "personReference": {"identifiers": [{"type": "CRN", "value": journey.crn}]},
    }
    assert event["detailUrl"].endswith(f"/interventions-service/sent-referral/{journey.referral_id}")
    assert datetime.fromisoformat(event["occurredAt"]) == datetime.fromisoformat(sent["sentAt"])
    found = await mails(world, to="referrals.DN535743@provider.example.test", template="referral-sent")
    mine = [one for one in found if one["personalisation"]["referenceNumber"] == sent["referenceNumber"]]
    assert len(mine) == 1
    assert mine[0]["personalisation"]["organisationName"] == "Achieve NW (Career Connect)"
    page = f"/service-provider/referrals/{journey.referral_id}/details"
    assert mine[0]["personalisation"]["referralUrl"].endswith(page)


async def test_no_draft_and_no_risk_text_is_left_after_sending(world: World) -> None:
    journey = await ready_draft(world)
    path = f"/draft-referral/{journey.referral_id}"
    risk = {"riskSummaryWhoIsAtRisk": "Staff"}
    ok(await journey.as_practitioner("PATCH", f"{path}/oasys-risk-information", json=risk))
    ok(await journey.as_practitioner("POST", f"{path}/send"), 201)
    for table, key in (("draft_referral", "id"), ("draft_oasys_risk_information", "draft_id")):
        query = f"select 1 from interventions.{table} where {key}::text = $1"
        assert await world.fetch(query, journey.referral_id) == []
    refused(await journey.as_practitioner("GET", path), 404, "DRAFT_NOT_FOUND")
    assert journey.referral_id not in {
        one["id"] for one in ok(await journey.as_practitioner("GET", "/draft-referrals"))
    }


async def test_every_command_on_a_sent_draft_is_refused(world: World) -> None:
    journey = await sent_referral(world)
    path, some = f"/draft-referral/{journey.referral_id}", str(uuid4())
    level = {"serviceCategoryId": some, "complexityLevelId": some}
    outcomes = {"serviceCategoryId": some, "desiredOutcomesIds": [some]}
    for method, part, body in (
        ("PATCH", "", {"furtherInformation": "Changed"}),
        ("PATCH", "/complexity-level", level),
        ("PATCH", "/desired-outcomes", outcomes),
        ("PATCH", "/oasys-risk-information", {}),
        ("POST", "/send", None),
    ):
        refused(await journey.as_practitioner(method, path + part, json=body), 409, "DRAFT_ALREADY_SENT")
    assert (await journey.referral())["referral"]["furtherInformation"] == "Prefers mornings"


async def test_sending_again_with_the_same_key_gets_the_first_answer(world: World) -> None:
    journey = await ready_draft(world)
    path, key = f"/draft-referral/{journey.referral_id}/send", {"Idempotency-Key": uuid4().hex}
    first = await journey.as_practitioner("POST", path, headers=key)
    again = await journey.as_practitioner("POST", path, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]


async def test_an_unknown_sentence_end_does_not_stop_a_referral(world: World, peers: Peers) -> None:
    journey = await ready_draft(world)
    with peers.failing("probation", Failure.DEAD, "/convictions/"):
        ok(await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send"), 201)


@pytest.mark.parametrize(
    ("peer", "where", "code"),
    [
        ("risks_and_needs", "/risks/supplementary", "RISK_NOT_RECORDED"),
        ("probation", "/referrals$", "REFERRAL_NOT_RECORDED"),
    ],
)
@pytest.mark.parametrize("status", [400, 404, 409])
async def test_a_refusal_on_the_way_is_passed_on_with_its_status(
    world: World, peers: Peers, peer: str, where: str, code: str, status: int
) -> None:
    journey = await ready_draft(world)
    with peers.refusing(peer, status, "WHATEVER", where):
        refused(await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send"), status, code)
    assert ok(await journey.as_practitioner("GET", f"/draft-referral/{journey.referral_id}"))


async def test_a_token_that_ends_on_the_way_is_asked_for_anew_and_the_draft_can_be_sent(
    world: World, peers: Peers
) -> None:
    draft = await ready_draft(world)
    path = f"/draft-referral/{draft.referral_id}/send"
    with peers.refusing("risks_and_needs", 401, "UNAUTHORIZED", "supplementary"):
        assert (await draft.as_practitioner("POST", path)).status_code == 401
    ok(await draft.as_practitioner("POST", path), 201)
    assert len(await draft.nsis()) == 1


async def test_a_sentence_that_the_case_record_does_not_know_is_refused(world: World) -> None:
    journey = await ready_draft(world, relevantSentenceId=999_999)
    reply = await journey.as_practitioner("POST", f"/draft-referral/{journey.referral_id}/send")
    assert reply.status_code in {400, 404}
    assert reply.json()["code"] == "REFERRAL_NOT_RECORDED"


async def test_a_reference_number_is_kept_from_one_attempt_to_the_next(world: World, peers: Peers) -> None:
    journey = await ready_draft(world)
    path = f"/draft-referral/{journey.referral_id}/send"
    with peers.failing("probation", Failure.LOST, "/referrals$"):
        await journey.as_practitioner("POST", path)
    [reserved] = await world.fetch(
        "select reference_number from interventions.referral_reference where referral_id::text = $1",
        journey.referral_id,
    )
    assert ok(await journey.as_practitioner("POST", path), 201)["referenceNumber"] == reserved["reference_number"]


async def test_a_draft_of_which_other_systems_may_know_is_not_deleted(world: World, peers: Peers) -> None:
    journey = await ready_draft(world)
    path = f"/draft-referral/{journey.referral_id}"
    with peers.failing("probation", Failure.LOST, "/referrals$"):
        await journey.as_practitioner("POST", f"{path}/send")
    refused(await journey.as_practitioner("DELETE", path), 409, "SENDING_BEGUN")
    ok(await journey.as_practitioner("POST", f"{path}/send"), 201)
    assert len(await journey.nsis()) == 1


async def test_nobody_else_can_send(world: World) -> None:
    journey = await begun_draft(world)
    await choose_level_and_outcome(journey)
    client = await signed_in(world, CASEWORKER.username)
    refused(await client.post(f"/draft-referral/{journey.referral_id}/send"), 403, "PP_ONLY")
