"""Action plans, through their doors."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import uuid4

from tests.service.interventions.journey import (
    CASEWORKER,
    MISSED,
    PRACTITIONER,
    absence_feedback,
    appointment,
    assessed_referral,
    assigned_referral,
    booked_assessment,
    drafted_plan,
    mails,
    ok,
    planned_referral,
    problems,
    record_assessment,
    refused,
    schedule_assessment,
    tomorrow,
)
from tests.world import World


async def test_a_plan_may_be_drafted_before_the_assessment(world: World) -> None:
    journey = await assigned_referral(world)
    body = {"referralId": journey.referral_id, "activities": [{"description": "A"}, {"description": "B"}]}
    reply = await journey.as_caseworker("POST", "/draft-action-plan", json=body)
    plan = ok(reply, 201)
    assert reply.headers["Location"] == f"/action-plan/{plan['id']}"
    assert [one["description"] for one in plan["activities"]] == ["A", "B"]
    assert (plan["numberOfSessions"], plan["submittedAt"], plan["approvedBy"]) == (None, None, None)
    assert plan["createdBy"]["username"] == CASEWORKER.username
    assert ok(await journey.as_caseworker("GET", f"/action-plan/{plan['id']}")) == plan
    shown = await journey.referral()
    assert (shown["actionPlanId"], shown["currentActionPlanId"]) == (plan["id"], plan["id"])


async def test_a_draft_grows_by_one_activity_at_a_time(world: World) -> None:
    journey = await assigned_referral(world)
    plan_id = await drafted_plan(journey, None)
    path = f"/draft-action-plan/{plan_id}"
    body = {"numberOfSessions": 3, "newActivity": {"description": "Find a job"}}
    plan = ok(await journey.as_caseworker("PATCH", path, json=body))
    assert (plan["numberOfSessions"], [one["description"] for one in plan["activities"]]) == (
        3,
        ["Write a CV", "Find a job"],
    )
    second = plan["activities"][1]["id"]
    changed = ok(
        await journey.as_caseworker(
            "PATCH", f"/action-plan/{plan_id}/activities/{second}", json={"description": "Look for work"}
        )
    )
    assert [one["description"] for one in changed["activities"]] == ["Write a CV", "Look for work"]
    unknown = await journey.as_caseworker(
        "PATCH", f"/action-plan/{plan_id}/activities/{uuid4()}", json={"description": "?"}
    )
    refused(unknown, 404, "ACTION_PLAN_NOT_FOUND")


async def test_a_plan_has_at_least_one_session(world: World) -> None:
    journey = await assigned_referral(world)
    body = {"referralId": journey.referral_id, "numberOfSessions": 0}
    reply = await journey.as_caseworker("POST", "/draft-action-plan", json=body)
    assert problems(reply) == {("numberOfSessions", "CANNOT_BE_NEGATIVE_OR_ZERO")}
    plan_id = await drafted_plan(journey)
    again = await journey.as_caseworker("PATCH", f"/draft-action-plan/{plan_id}", json={"numberOfSessions": -1})
    assert problems(again) == {("numberOfSessions", "CANNOT_BE_NEGATIVE_OR_ZERO")}


async def test_a_plan_is_not_submitted_before_the_assessment_is_done(world: World) -> None:
    journey = await booked_assessment(world)
    plan_id = await drafted_plan(journey, None)
    path = f"/draft-action-plan/{plan_id}/submit"
    open_still = ("supplierAssessmentAppointment", "APPOINTMENT_MUST_BE_COMPLETED")
    assert problems(await journey.as_caseworker("POST", path)) == {
        ("numberOfSessions", "CANNOT_BE_EMPTY"),
        open_still,
    }
    ok(await journey.as_caseworker("PATCH", f"/draft-action-plan/{plan_id}", json={"numberOfSessions": 1}))
    world.clock.set(tomorrow(world, 18))
    ok(await record_assessment(journey, MISSED, absence_feedback()))
    assert problems(await journey.as_caseworker("POST", path)) == {open_still}
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    assert problems(await journey.as_caseworker("POST", path)) == {open_still}


async def test_submitting_a_plan_approves_it_and_makes_its_sessions(world: World) -> None:
    journey = await assessed_referral(world)
    plan_id = await drafted_plan(journey, 2)
    reply = await journey.as_caseworker("POST", f"/draft-action-plan/{plan_id}/submit")
    plan = ok(reply, 201)
    assert reply.headers["Location"] == f"/action-plan/{plan_id}"
    assert plan["submittedBy"]["username"] == CASEWORKER.username
    assert plan["approvedBy"] == {
        "username": "hmpps-interventions-service", "authSource": "urn:hmpps:interventions",
        "userId": "00000000-0000-0000-0000-000000000000",
    }  # fmt: skip
    sessions = ok(await journey.as_caseworker("GET", f"/action-plan/{plan_id}/appointments"))
    assert [(one["sessionNumber"], one["appointmentId"]) for one in sessions] == [(1, None), (2, None)]
    assert sessions[0]["appointmentFeedback"]["submitted"] is False
    approved = ok(await journey.as_practitioner("GET", f"/sent-referral/{journey.referral_id}/approved-action-plans"))
    assert [one["id"] for one in approved] == [plan_id]
    assert set(approved[0]) == {"id", "submittedAt", "approvedAt"}
    assert (await journey.referral())["approvedActionPlanIds"] == [plan_id]


async def test_a_submitted_plan_is_announced_twice_and_both_sides_are_told(world: World) -> None:
    journey = await planned_referral(world)
    await world.drain()
    submitted, approved = (await journey.events())[-2:]
    sent = await journey.referral()
    facts = {
        "actionPlanId": journey.plan_id,
        "referralId": journey.referral_id,
        "referralReference": sent["referenceNumber"],
        "contractTypeName": "Education, Training and Employment (ETE)",
        "primeProviderName": "Achieve NW (Career Connect)",
        "actionPlanProbationUserUrl": (
            f"http://throughcare.test/probation-practitioner/referrals/{journey.referral_id}/action-plan"
        ),
    }
    assert submitted["eventType"] == "intervention.action-plan.submitted"
    assert submitted["additionalInformation"] == {**facts, "submittedBy": CASEWORKER.username}
    assert approved["eventType"] == "intervention.action-plan.approved"
    assert approved["additionalInformation"] == {**facts, "approvedBy": "hmpps-interventions-service"}
    plan = ok(await journey.as_caseworker("GET", f"/action-plan/{journey.plan_id}"))
    for event, at in ((submitted, plan["submittedAt"]), (approved, plan["approvedAt"])):
        assert datetime.fromisoformat(event["occurredAt"]) == datetime.fromisoformat(at)
        assert event["personReference"] == {"identifiers": [{"type": "CRN", "value": journey.crn}]}
    assert submitted["detailUrl"] == approved["detailUrl"]
    assert submitted["detailUrl"].endswith(f"/interventions-service/action-plan/{journey.plan_id}")
    reference = sent["referenceNumber"]
    for template, to, first_name in (
        ("action-plan-submitted", PRACTITIONER.email, "Bernard"),
        ("action-plan-approved", CASEWORKER.email, "Alex"),
    ):
        found = await mails(world, to=to, template=template)
        [mail] = [one for one in found if one["personalisation"]["referenceNumber"] == reference]
        assert mail["personalisation"]["submitterFirstName"] == first_name
    assert await journey.contacts("CRSNOTE")


async def test_a_submitted_plan_no_longer_changes(world: World) -> None:
    journey = await planned_referral(world)
    plan = ok(await journey.as_caseworker("GET", f"/action-plan/{journey.plan_id}"))
    draft, activity = f"/draft-action-plan/{journey.plan_id}", plan["activities"][0]["id"]
    for body in ({}, {"numberOfSessions": 0}):
        refused(await journey.as_caseworker("PATCH", draft, json=body), 404, "ACTION_PLAN_NOT_FOUND")
    refused(await journey.as_caseworker("POST", f"{draft}/submit"), 404, "ACTION_PLAN_NOT_FOUND")
    path = f"/action-plan/{journey.plan_id}/activities/{activity}"
    refused(await journey.as_caseworker("PATCH", path, json={"description": "?"}), 409, "PLAN_ALREADY_SUBMITTED")
    approve = f"/action-plan/{journey.plan_id}/approve"
    refused(await journey.as_practitioner("POST", approve), 400, "PLAN_ALREADY_APPROVED")
    refused(await journey.as_caseworker("POST", approve), 403, "PP_ONLY")


async def test_a_new_version_adds_sessions_and_keeps_those_there_are(world: World) -> None:
    journey = await planned_referral(world, 2)
    fewer = {"referralId": journey.referral_id, "numberOfSessions": 1}
    reply = await journey.as_caseworker("POST", "/draft-action-plan", json=fewer)
    assert problems(reply) == {("numberOfSessions", "CANNOT_BE_REDUCED")}
    before = ok(await journey.as_caseworker("GET", f"/action-plan/{journey.plan_id}/appointments"))
    second = await drafted_plan(journey, 4)
    ok(await journey.as_caseworker("POST", f"/draft-action-plan/{second}/submit"), 201)
    after = ok(await journey.as_caseworker("GET", f"/action-plan/{journey.plan_id}/appointments"))
    assert [one["sessionNumber"] for one in after] == [1, 2, 3, 4]
    assert [one["id"] for one in after[:2]] == [one["id"] for one in before]
    assert (await journey.referral())["approvedActionPlanIds"] == [journey.plan_id, second]


async def test_a_draft_cannot_be_approved_by_hand(world: World) -> None:
    journey = await assessed_referral(world)
    plan_id = await drafted_plan(journey)
    refused(await journey.as_practitioner("POST", f"/action-plan/{plan_id}/approve"), 400, "PLAN_NOT_LATEST")


async def test_a_version_with_fewer_sessions_than_the_plan_in_force_is_not_approved(world: World) -> None:
    journey = await assessed_referral(world)
    small, large = await drafted_plan(journey, 1), await drafted_plan(journey, 3)
    ok(await journey.as_caseworker("POST", f"/draft-action-plan/{large}/submit"), 201)
    refused(await journey.as_caseworker("POST", f"/draft-action-plan/{small}/submit"), 400, "PLAN_FEWER_SESSIONS")
    assert ok(await journey.as_caseworker("GET", f"/action-plan/{small}"))["submittedAt"] is None


async def test_a_session_number_that_is_taken_keeps_a_plan_from_being_approved(world: World) -> None:
    journey = await planned_referral(world, 2)
    query = "delete from interventions.delivery_session where referral_id::text = $1 and session_number = 1"
    await world.fetch(query, journey.referral_id)
    again = await drafted_plan(journey, 2)
    refused(await journey.as_caseworker("POST", f"/draft-action-plan/{again}/submit"), 409, "SESSION_ALREADY_EXISTS")


async def test_submitting_twice_at_once_submits_once(world: World) -> None:
    journey = await assessed_referral(world)
    plan_id = await drafted_plan(journey, 2)
    path = f"/draft-action-plan/{plan_id}/submit"
    replies = await asyncio.gather(*(journey.as_caseworker("POST", path) for _ in range(4)))
    codes = sorted(reply.status_code for reply in replies)
    assert codes[0] == 201
    assert set(codes[1:]) <= {404, 409}
    assert (await journey.event_types())[-2:] == ["action-plan.submitted", "action-plan.approved"]
    assert (await journey.event_types()).count("action-plan.submitted") == 1


async def test_two_versions_submitted_at_once_make_each_session_once(world: World) -> None:
    journey = await assessed_referral(world)
    plans = [await drafted_plan(journey, number) for number in (2, 3)]
    replies = await asyncio.gather(
        *(journey.as_caseworker("POST", f"/draft-action-plan/{one}/submit") for one in plans)
    )
    assert {reply.status_code for reply in replies} <= {201, 400}
    rows = await world.fetch(
        "select session_number from interventions.delivery_session where referral_id::text = $1 order by 1",
        journey.referral_id,
    )
    assert [row["session_number"] for row in rows] == [1, 2, 3]


async def test_an_unknown_plan_is_not_found(world: World) -> None:
    journey = await assigned_referral(world)
    refused(await journey.as_caseworker("GET", f"/action-plan/{uuid4()}"), 404, "ACTION_PLAN_NOT_FOUND")
    refused(await journey.as_caseworker("GET", f"/action-plan/{uuid4()}/appointments"), 404, "ACTION_PLAN_NOT_FOUND")
