"""What a person is told of what is held about them."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx2
import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    OFFICE,
    Journey,
    Json,
    begun_draft,
    drafted_report,
    hold_session,
    ok,
    planned_referral,
    problems,
    refused,
    sent_referral,
    session_feedback,
    withdraw,
)
from tests.world import START, World
from throughcare.services.interventions.subject_access.model import say_moment

ROLE = "ROLE_SAR_DATA_ACCESS"


async def ask(world: World, **params: str) -> httpx2.Response:
    client = await world.client("interventions", roles=[ROLE])
    return await client.get("/subject-access-request", params=params)


def said(moment: str) -> str | None:
    return say_moment(datetime.fromisoformat(moment))


@pytest.fixture(scope="module")
async def delivered(world: World) -> Journey:
    """A referral with a plan, a session, a report, a case note and an amendment; begun on 4 March."""
    world.clock.set(START)
    journey = await planned_referral(world, sessions=1)
    await hold_session(journey, 1, ATTENDED, session_feedback(sessionConcerns="Money", sessionSummary="A first talk"))
    report_id = await drafted_report(journey)
    [outcome] = (await journey.referral())["referral"]["desiredOutcomes"]
    body = {
        "outcome": {
            "desiredOutcomeId": outcome["desiredOutcomesIds"][0], "achievementLevel": "ACHIEVED",
            "progressionComments": "Has a job", "additionalTaskComments": "Keep it",
        },
        "furtherInformation": "All went well",
    }  # fmt: skip
    ok(await journey.as_caseworker("PATCH", f"/draft-end-of-service-report/{report_id}", json=body))
    ok(await journey.as_caseworker("POST", f"/draft-end-of-service-report/{report_id}/submit"))
    note = {"referralId": journey.referral_id, "subject": "Telephone", "body": "Rang at noon", "sendEmail": False}
    world.clock.set(world.clock.now() + timedelta(days=30))
    ok(await journey.as_caseworker("POST", "/case-note", json=note))
    return journey


async def test_a_referral_is_told_whole(world: World, delivered: Journey) -> None:
    answer = ok(await ask(world, crn=delivered.crn.lower()))
    assert (answer["attachments"], answer["content"]["crn"]) == ([], delivered.crn)
    [told] = answer["content"]["referral"]
    sent = await delivered.referral()
    provider = delivered.intervention["serviceProvider"]["name"]
    expected: Json = {
        "referral_number": sent["referenceNumber"], "sent_at": said(sent["sentAt"]), "service_provider_name": provider,
        "status": "POST_ICA", "when_unavailable": "School run at 3pm", "has_additional_responsibilities": True,
        "needs_interpreter": False, "relevant_sentence_end_date": "14 January 2026", "withdrawal_reason": None,
    }  # fmt: skip
    assert {name: told[name] for name in expected} == expected
    assert told["referral_details"][0]["reason_for_referral"] == "Wants to work"
    assert told["referral_location"]["type"] == "COMMUNITY"
    assert told["action_plans"][0]["action_plan_activities"][0]["description"] == "Write a CV"
    [session] = told["appointment"]
    assert (session["session_summary"], session["session_concerns"]) == ("A first talk", "Money")
    assert (session["attended"], session["session_feedback_submitted_by"]) == ("YES", CASEWORKER.username)
    [office] = await world.fetch("select name from interventions.probation_office where delius_code = $1", OFFICE)
    assert session["nps_office_name"] == office["name"]
    [outcome] = told["end_of_service_report"]["end_of_service_outcomes"]
    assert (outcome["achievement_level"], outcome["progression_comments"]) == ("ACHIEVED", "Has a job")
    assert [(one["subject"], one["body"]) for one in told["case_notes"]] == [("Telephone", "Rang at noon")]


@pytest.mark.parametrize(
    ("params", "held"),
    [
        ({"fromDate": "2024-03-04", "toDate": "2024-03-04"}, True),  # begun and sent
        ({"toDate": "2024-03-03"}, False),
        ({"fromDate": "2024-03-25", "toDate": "2024-04-01"}, False),  # nothing happened
        ({"fromDate": "2024-04-05", "toDate": "2024-04-05"}, True),  # the case note alone, on the last day
        ({"fromDate": "2024-04-06"}, False),
        ({}, True),
    ],
)
async def test_a_period_holds_what_happened_in_it_its_last_day_included(
    world: World, delivered: Journey, params: dict[str, str], held: bool
) -> None:
    reply = await ask(world, crn=delivered.crn, **params)
    assert reply.status_code == (200 if held else 204), reply.text
    assert held or reply.content == b""


async def test_why_a_referral_was_withdrawn_is_told(world: World) -> None:
    journey = await sent_referral(world)
    ok(await withdraw(journey))
    [told] = ok(await ask(world, crn=journey.crn))["content"]["referral"]
    [reason] = await world.fetch("select description from interventions.withdrawal_reason where code = 'MOV'")
    assert (told["withdrawal_reason"], told["withdrawal_comments"]) == (reason["description"], "Moved away")
    assert told["end_requested_at"] == told["concluded_at"] == said((await journey.referral())["concludedAt"])


async def test_a_draft_is_told_apart_and_without_risk(world: World) -> None:
    journey = await begun_draft(world)
    body = {"accessibilityNeeds": "Ground floor", "additionalRiskInformation": "May be anxious"}
    ok(await journey.as_practitioner("PATCH", f"/draft-referral/{journey.referral_id}", json=body))
    reply = await ask(world, crn=journey.crn)
    content = ok(reply)["content"]
    assert content["referral"] == []
    assert [one["accessibility_needs"] for one in content["draft_referral"]] == ["Ground floor"]
    assert "anxious" not in reply.text


async def test_each_kind_of_identifier_has_its_answer(world: World) -> None:
    assert (await ask(world, crn="X999999")).status_code == 204
    assert (await ask(world, prn="A1234BC")).status_code == 209
    refused(await ask(world), 400, "ONE_IDENTIFIER_NEEDED")
    refused(await ask(world, prn="A1234BC", crn="X999999"), 400, "ONE_IDENTIFIER_NEEDED")
    assert problems(await ask(world, crn="X1", fromDate="2024-03-05", toDate="2024-03-04")) == {
        ("toDate", "INVALID_VALUE")
    }


async def test_the_template_is_text(world: World) -> None:
    client = await world.client("interventions", roles=[ROLE])
    reply = await client.get("/subject-access-request/template")
    assert reply.headers["content-type"].startswith("text/plain")
    assert "{{#referral}}" in reply.text
