"""Delivery sessions, through their doors."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    MISSED,
    NOT_HELD,
    OTHER_CASEWORKER,
    PRACTITIONER,
    READ_ALL,
    Journey,
    Json,
    absence_feedback,
    appointment,
    hold_session,
    mails,
    ok,
    planned_referral,
    problems,
    record_session,
    refused,
    schedule_session,
    session_feedback,
    tomorrow,
)
from tests.world import World


async def outcomes(journey: Journey) -> list[tuple[str | None, bool | None]]:
    """The outcome and the requirement mark of each session contact, oldest first."""
    found = await journey.contacts("CRSAPT")
    return [(one["outcome"] and one["outcome"]["code"], one["rarActivity"]) for one in found]


async def test_a_booked_session_is_in_the_case_record_and_counts_towards_the_requirement(world: World) -> None:
    journey = await planned_referral(world)
    start = tomorrow(world)
    made = ok(await schedule_session(journey, 1, appointment(start, sessionType="GROUP")))
    assert datetime.fromisoformat(made["appointmentTime"]) == start
    assert (made["sessionNumber"], made["sessionType"], made["npsOfficeCode"], made["oldAppointments"]) == (
        1,
        "GROUP",
        "CRS0032",
        [],
    )
    [contact] = await journey.contacts("CRSAPT")
    assert (contact["contactId"], contact["rarActivity"]) == (made["deliusAppointmentId"], True)
    assert contact["externalReference"].endswith(made["appointmentId"])
    assert "Service Delivery" in contact["notes"]
    machine = await world.client("interventions", roles=[READ_ALL])
    assert ok(await machine.get(f"/referral/{journey.referral_id}/sessions/1")) == made
    path = f"/action-plan/{journey.plan_id}/appointments/1"
    assert ok(await journey.as_practitioner("GET", path)) == made
    assert (await journey.event_types())[-1] == "action-plan.approved"


async def test_moving_a_session_keeps_the_old_time_and_who_first_booked_it(world: World) -> None:
    journey = await planned_referral(world)
    ok(await schedule_session(journey, 1, appointment(tomorrow(world))))
    journey.caseworker = OTHER_CASEWORKER.username
    reason = {"rescheduleRequestedBy": "Jo Bloggs", "rescheduledReason": "Has a job interview"}
    moved = ok(await schedule_session(journey, 1, appointment(tomorrow(world, 15), **reason)))
    [old] = moved["oldAppointments"]
    assert (old["superseded"], old["rescheduleRequestedBy"], old["rescheduledReason"]) == (True, *reason.values())
    assert await outcomes(journey) == [("RSOF", False), (None, True)]
    rows = await world.fetch(
        "select distinct a.user_name from interventions.appointment p "
        "join interventions.actor a on a.id = p.created_by "
        "where delivery_session_id is not null and p.referral_id::text = $1",
        journey.referral_id,
    )
    assert [row["user_name"] for row in rows] == [CASEWORKER.username]


async def test_feedback_on_a_session_is_announced_in_order_and_reaches_the_case_record(world: World) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    shown, sent = await journey.session(1), await journey.referral()
    attended, submitted = (await journey.events())[-2:]
    assert attended["eventType"] == "intervention.session-appointment.attended"
    assert attended["additionalInformation"] == {
        "serviceUserCRN": journey.crn,
        "referralId": journey.referral_id,
    }
    assert submitted["eventType"] == "intervention.session-appointment.session-feedback-submitted"
    page = f"/session/1/appointment/{shown['appointmentId']}/post-session-feedback"
    assert submitted["additionalInformation"] == {
        "serviceUserCRN": journey.crn,
        "referralId": journey.referral_id,
        "referralReference": sent["referenceNumber"],
        "contractTypeName": "Education, Training and Employment (ETE)",
        "primeProviderName": "Achieve NW (Career Connect)",
        "deliusAppointmentId": str(shown["deliusAppointmentId"]),
        "referralProbationUserURL": (
            f"http://throughcare.test/probation-practitioner/referrals/{journey.referral_id}{page}"
        ),
    }
    for event in (attended, submitted):
        assert event["detailUrl"].endswith(f"/interventions-service/referral/{journey.referral_id}/sessions/1")
        assert event["personReference"] == {"identifiers": [{"type": "CRN", "value": journey.crn}]}
    recorded = shown["appointmentFeedback"]["attendanceFeedback"]["submittedAt"]
    assert datetime.fromisoformat(attended["occurredAt"]) == datetime.fromisoformat(recorded)
    await world.drain()
    assert await outcomes(journey) == [("ATTC", True)]


async def test_a_missed_session_is_announced_and_the_officer_told(world: World) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, MISSED, absence_feedback())
    await world.drain()
    assert (await journey.event_types())[-2:] == [
        "session-appointment.missed",
        "session-appointment.session-feedback-submitted",
    ]
    found = await mails(world, to=PRACTITIONER.email, template="appointment-not-attended")
    [mail] = [one for one in found if one["personalisation"]["crn"] == journey.crn]
    appointment_id = (await journey.session(1))["appointmentId"]
    assert mail["personalisation"]["attendanceUrl"].endswith(
        f"/session/1/appointment/{appointment_id}/post-session-feedback"
    )
    assert mail["personalisation"]["popfullname"] == "Jo Bloggs"
    assert await outcomes(journey) == [("AFTA", False)]


async def test_the_officer_is_told_of_behaviour_and_concerns(world: World) -> None:
    journey = await planned_referral(world)
    worrying = session_feedback(
        notifyProbationPractitionerOfBehaviour=True, sessionBehaviour="Rude",
        notifyProbationPractitionerOfConcerns=True, sessionConcerns="Drinking",
    )  # fmt: skip
    await hold_session(journey, 1, ATTENDED, worrying)
    await world.drain()
    assert await world.dead_letters() == []
    sent = await mails(world, to=PRACTITIONER.email)
    page = f"/referrals/{journey.referral_id}/session/1/"
    mine = [one["template"] for one in sent if page in one["personalisation"].get("sessionUrl", "")]
    assert sorted(mine) == ["session-concerns", "session-poor-behaviour"]


async def test_the_officer_is_told_of_feedback_on_the_appointment_before_one_at_another_office(world: World) -> None:
    journey = await planned_referral(world)
    start = tomorrow(world)
    first = ok(await schedule_session(journey, 1, appointment(start)))["appointmentId"]
    world.clock.set(tomorrow(world, 18))
    path = f"/referral/{journey.referral_id}/delivery-session-appointments/{first}"
    worrying = session_feedback(notifyProbationPractitionerOfConcerns=True, sessionConcerns="Drinking")
    ok(await journey.as_caseworker("PUT", f"{path}/attendance", json=ATTENDED))
    ok(await journey.as_caseworker("PUT", f"{path}/session-feedback", json=worrying))
    ok(await schedule_session(journey, 1, appointment(start, npsOfficeCode="CRS0005")))
    ok(await journey.as_caseworker("POST", f"{path}/submit-feedback"))
    await world.drain()
    found = await mails(world, to=PRACTITIONER.email, template="session-concerns")
    pages = [one["personalisation"]["sessionUrl"] for one in found if one["personalisation"]["crn"] == journey.crn]
    assert [one.rpartition("/appointment/")[2].partition("/")[0] for one in pages] == [first]


async def test_a_session_without_trouble_writes_to_nobody(world: World) -> None:
    journey = await planned_referral(world)
    await world.drain()
    before = len(await mails(world))
    await hold_session(journey, 1, ATTENDED, session_feedback())
    await world.drain()
    assert len(await mails(world)) == before


@pytest.mark.parametrize(
    ("attendance", "feedback", "outcome"),
    [
        (MISSED, absence_feedback(), "AFTA"),
        (
            NOT_HELD,
            {"noSessionReasonType": "POP_UNACCEPTABLE", "noSessionReasonPopUnacceptable": "Drunk",
             "notifyProbationPractitionerOfConcerns": False},
            "AFTC",
        ),
    ],
)  # fmt: skip
async def test_a_session_that_failed_is_booked_afresh_and_its_outcome_stays(
    world: World, attendance: Json, feedback: Json, outcome: str
) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, attendance, feedback)
    await world.drain()
    ok(await schedule_session(journey, 1, appointment(tomorrow(world))))
    shown = await journey.session(1)
    assert [one["superseded"] for one in shown["oldAppointments"]] == [True]
    assert [code for code, _ in await outcomes(journey)] == [outcome, None]


async def test_a_delivered_session_is_not_booked_again(world: World) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    reply = await schedule_session(journey, 1, appointment(tomorrow(world)))
    refused(reply, 409, "APPOINTMENT_ALREADY_DELIVERED")


async def test_a_past_session_is_booked_with_what_happened(world: World) -> None:
    journey = await planned_referral(world)
    start = tomorrow(world, days=-1)
    body = appointment(start, attendanceFeedback=ATTENDED, sessionFeedback=session_feedback())
    too_early = appointment(tomorrow(world, days=-9), attendanceFeedback=ATTENDED, sessionFeedback={})
    found = problems(await schedule_session(journey, 1, too_early))
    assert ("appointmentTime", "APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE") in found
    assert ("sessionFeedback.sessionSummary", "CANNOT_BE_EMPTY") in found
    made = ok(await schedule_session(journey, 1, body))
    assert made["appointmentFeedback"]["submitted"] is True
    assert await outcomes(journey) == [("ATTC", True)]
    assert (await journey.event_types())[-2:] == [
        "session-appointment.attended",
        "session-appointment.session-feedback-submitted",
    ]


async def test_feedback_steps_are_guarded(world: World) -> None:
    journey = await planned_referral(world)
    made = ok(await schedule_session(journey, 1, appointment(tomorrow(world))))
    path = f"/referral/{journey.referral_id}/delivery-session-appointments"
    mine = f"{path}/{made['appointmentId']}"
    refused(await journey.as_caseworker("PUT", f"{mine}/attendance", json=ATTENDED), 400, "APPOINTMENT_IN_FUTURE")
    refused(await journey.as_caseworker("POST", f"{mine}/submit-feedback"), 422, "ATTENDANCE_NOT_RECORDED")
    other = f"{path}/{uuid4()}/attendance"
    refused(await journey.as_caseworker("PUT", other, json=ATTENDED), 404, "APPOINTMENT_NOT_FOUND")
    assessment = (await journey.assessment())["currentAppointmentId"]
    wrong_kind = f"{path}/{assessment}/attendance"
    refused(await journey.as_caseworker("PUT", wrong_kind, json=ATTENDED), 404, "APPOINTMENT_NOT_FOUND")
    nowhere = f"/referral/{uuid4()}/delivery-session-appointments/{made['appointmentId']}/submit-feedback"
    refused(await journey.as_caseworker("POST", nowhere), 400, "REFERRAL_NOT_FOUND")
    world.clock.set(tomorrow(world, 18))
    ok(await journey.as_caseworker("PUT", f"{mine}/attendance", json=ATTENDED))
    incomplete = await journey.as_caseworker("POST", f"{mine}/submit-feedback")
    assert ("sessionFeedback.late", "CANNOT_BE_EMPTY") in problems(incomplete)
    ok(await record_session(journey, 1, ATTENDED, session_feedback()))
    refused(await journey.as_caseworker("POST", f"{mine}/submit-feedback"), 409, "FEEDBACK_ALREADY_SUBMITTED")
    wrong_word = await journey.as_caseworker("PUT", f"{mine}/attendance", json={"attended": "perhaps"})
    assert wrong_word.status_code == 400


async def test_a_session_that_the_plan_does_not_have_is_not_found(world: World) -> None:
    journey = await planned_referral(world, 1)
    refused(await schedule_session(journey, 2, appointment(tomorrow(world))), 404, "SESSION_NOT_FOUND")
    path = f"/referral/{journey.referral_id}/sessions/2"
    refused(await journey.as_practitioner("GET", path), 404, "SESSION_NOT_FOUND")
    assert (
        await journey.as_practitioner("GET", f"/referral/{journey.referral_id}/sessions/99999999999")
    ).status_code == 400
