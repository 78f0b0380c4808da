"""The supplier assessment, through its doors."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    MISSED,
    NOT_HELD,
    PRACTITIONER,
    Journey,
    absence_feedback,
    appointment,
    assessed_referral,
    assigned_referral,
    booked_assessment,
    mails,
    ok,
    problems,
    record_assessment,
    refused,
    schedule_assessment,
    second_referral,
    session_feedback,
    tomorrow,
)
from tests.service.interventions.outage import HALF_WAY, Failure, Peers
from tests.world import World

pytestmark = pytest.mark.usefixtures("peers")


def feedback_path(journey: Journey, step: str) -> str:
    return f"/referral/{journey.referral_id}/supplier-assessment/{step}"


async def test_a_referral_has_an_assessment_from_the_start(world: World) -> None:
    journey = await assigned_referral(world)
    shown = await journey.assessment()
    assert (shown["appointments"], shown["currentAppointmentId"], shown["referralId"]) == (
        [],
        None,
        journey.referral_id,
    )


async def test_a_booked_assessment_is_in_the_case_record_and_the_officer_is_told(world: World) -> None:
    journey = await assigned_referral(world)
    start = tomorrow(world)
    made = ok(await schedule_assessment(journey, appointment(start)))
    assert datetime.fromisoformat(made["appointmentTime"]) == start
    assert (made["durationInMinutes"], made["appointmentDeliveryType"], made["sessionType"], made["npsOfficeCode"]) == (
        60, "IN_PERSON_MEETING_PROBATION_OFFICE", "ONE_TO_ONE", "CRS0032",
    )  # fmt: skip
    assert (made["superseded"], made["appointmentDeliveryAddress"], made["rescheduledReason"]) == (False, None, None)
    assert made["appointmentFeedback"]["submitted"] is False
    shown = await journey.assessment()
    assert shown["currentAppointmentId"] == made["id"]
    [contact] = await journey.contacts("CRSSAA")
    assert contact["externalReference"] == f"urn:hmpps:interventions-appointment:{made['id']}"
    assert "Supplier Assessment" in contact["notes"]
    await world.drain()
    assert await journey.event_types() == ["referral.sent", "referral.assigned"]
    [mail] = await mails(world, to=PRACTITIONER.email, template="initial-assessment-scheduled")
    assert mail["personalisation"]["popFullName"] == "Jo Bloggs"
    assert (mail["personalisation"]["ppFirstName"], mail["personalisation"]["crn"]) == ("Bernard", journey.crn)


async def test_moving_an_assessment_keeps_the_old_time_as_history(world: World) -> None:
    journey = await booked_assessment(world)
    first = (await journey.assessment())["appointments"][0]
    body = appointment(
        tomorrow(world, 15), rescheduleRequestedBy="Service Provider", rescheduledReason="Caseworker ill"
    )
    second = ok(await schedule_assessment(journey, body))
    shown = await journey.assessment()
    assert [one["id"] for one in shown["appointments"]] == [first["id"], second["id"]]
    assert shown["currentAppointmentId"] == second["id"]
    old = shown["appointments"][0]
    assert (old["superseded"], old["rescheduleRequestedBy"], old["rescheduledReason"]) == (
        True,
        "Service Provider",
        "Caseworker ill",
    )
    assert second["rescheduledReason"] is None
    outcomes = [one["outcome"] and one["outcome"]["code"] for one in await journey.contacts("CRSSAA")]
    assert sorted(outcomes, key=str) == [None, "RSSR"]


async def test_changing_only_the_manner_keeps_the_appointment_and_calls_nobody(world: World, peers: Peers) -> None:
    journey = await booked_assessment(world)
    first = (await journey.assessment())["appointments"][0]
    changed = appointment(tomorrow(world), appointmentDeliveryType="PHONE_CALL")
    with peers.failing("probation", Failure.DEAD):
        made = ok(await schedule_assessment(journey, changed))
    assert (made["id"], made["appointmentDeliveryType"]) == (first["id"], "PHONE_CALL")
    assert len((await journey.assessment())["appointments"]) == 1


async def test_after_a_missed_assessment_another_one_stands_beside_it(world: World) -> None:
    journey = await booked_assessment(world)
    world.clock.set(tomorrow(world, 18))
    ok(await record_assessment(journey, MISSED, absence_feedback()))
    await world.drain()
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    missed, new = (await journey.assessment())["appointments"]
    assert (missed["superseded"], new["superseded"]) == (False, False)
    outcomes = [one["outcome"] and one["outcome"]["code"] for one in await journey.contacts("CRSSAA")]
    assert sorted(outcomes, key=str) == ["AFTA", None]


async def test_an_assessment_that_took_place_is_not_booked_again(world: World) -> None:
    journey = await assessed_referral(world)
    reply = await schedule_assessment(journey, appointment(tomorrow(world)))
    refused(reply, 409, "APPOINTMENT_ALREADY_DELIVERED")


PLACELESS = {"appointmentDeliveryType": "IN_PERSON_MEETING_OTHER", "npsOfficeCode": None}
ADDRESS = {"firstAddressLine": "1 High Street", "postCode": "ls1 1aa"}


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"npsOfficeCode": None}, "npsOfficeCode", "CANNOT_BE_EMPTY"),
        (PLACELESS, "appointmentDeliveryAddress", "CANNOT_BE_EMPTY"),
        (
            {**PLACELESS, "appointmentDeliveryAddress": {"postCode": "LS1 1AA"}},
            "appointmentDeliveryAddress.firstAddressLine", "CANNOT_BE_EMPTY",
        ),
        (
            {**PLACELESS, "appointmentDeliveryAddress": {**ADDRESS, "postCode": "nowhere"}},
            "appointmentDeliveryAddress.postCode", "INVALID_FORMAT",
        ),
        ({"durationInMinutes": 0}, "durationInMinutes", "CANNOT_BE_NEGATIVE_OR_ZERO"),
        ({"durationInMinutes": 1440}, "durationInMinutes", "INVALID_VALUE"),
    ],
)  # fmt: skip
async def test_a_booking_that_is_not_right_is_refused(
    world: World, changes: dict[str, Any], field: str, error: str
) -> None:
    journey = await assigned_referral(world)
    reply = await schedule_assessment(journey, appointment(tomorrow(world), **changes))
    assert problems(reply) == {(field, error)}
    assert await journey.contacts("CRSSAA") == []


async def test_a_booking_outside_the_referrals_time_is_refused(world: World) -> None:
    journey = await assigned_referral(world)
    too_late = await schedule_assessment(journey, appointment(tomorrow(world, days=200)))
    assert problems(too_late) == {("appointmentTime", "APPOINTMENT_TIME_TOO_FAR_IN_FUTURE")}
    too_early = await schedule_assessment(journey, appointment(tomorrow(world, days=-3)))
    assert ("appointmentTime", "APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE") in problems(too_early)
    naive = appointment(tomorrow(world), appointmentTime="2024-03-06T10:00:00")
    assert (await schedule_assessment(journey, naive)).status_code == 400


async def test_an_address_is_kept_with_its_postcode_in_order(world: World) -> None:
    journey = await assigned_referral(world)
    body = appointment(tomorrow(world), **PLACELESS, appointmentDeliveryAddress=ADDRESS)
    made = ok(await schedule_assessment(journey, body))
    assert made["appointmentDeliveryAddress"] == {
        "firstAddressLine": "1 High Street", "secondAddressLine": None, "townOrCity": None, "county": None,
        "postCode": "LS11AA",
    }  # fmt: skip


async def test_a_past_day_is_booked_with_what_happened_and_is_final_at_once(world: World) -> None:
    journey = await assigned_referral(world)
    start = tomorrow(world)
    world.clock.advance(timedelta(days=3))
    without = await schedule_assessment(journey, appointment(start))
    assert {field for field, _ in problems(without)} == {
        "attendanceFeedback.didSessionHappen",
        "attendanceFeedback.attended",
    }
    body = appointment(start, attendanceFeedback=ATTENDED, sessionFeedback=session_feedback())
    made = ok(await schedule_assessment(journey, body))
    assert made["appointmentFeedback"]["submitted"] is True
    assert made["appointmentFeedback"]["submittedBy"]["username"] == CASEWORKER.username
    assert [one["outcome"]["code"] for one in await journey.contacts("CRSSAA")] == ["ATTC"]
    assert (await journey.event_types())[2:] == [
        "initial-assessment-appointment.attended",
        "initial-assessment-appointment.session-feedback-submitted",
    ]


async def test_an_account_of_what_is_yet_to_happen_is_refused(world: World) -> None:
    journey = await assigned_referral(world)
    body = appointment(tomorrow(world), attendanceFeedback=ATTENDED, sessionFeedback=session_feedback())
    refused(await schedule_assessment(journey, body), 400, "APPOINTMENT_IN_FUTURE")


async def test_another_appointment_of_the_person_at_that_time_is_a_clash(world: World) -> None:
    journey = await booked_assessment(world)
    other = await second_referral(journey)
    overlapping = appointment(tomorrow(world) + timedelta(minutes=30))
    refused(await schedule_assessment(other, overlapping), 409, "APPOINTMENT_CLASH")
    ok(await schedule_assessment(other, appointment(tomorrow(world, 14))))


async def test_a_refusal_of_the_case_record_is_passed_on_with_its_status(world: World, peers: Peers) -> None:
    journey = await assigned_referral(world)
    for status, code in ((409, "APPOINTMENT_CLASH"), (400, "BOOKING_REFUSED"), (404, "BOOKING_REFUSED")):
        with peers.refusing("probation", status, "WHATEVER", "/appointments$"):
            refused(await schedule_assessment(journey, appointment(tomorrow(world))), status, code)
    assert (await journey.assessment())["appointments"] == []


async def test_of_two_bookings_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    journey = await assigned_referral(world)
    bodies = [appointment(tomorrow(world, hour)) for hour in (10, 14)]
    replies = await asyncio.gather(*(schedule_assessment(journey, body) for body in bodies))
    codes = sorted(reply.status_code for reply in replies)
    assert codes in ([200, 200], [200, 409])
    shown = await journey.assessment()
    [held] = [one for one in shown["appointments"] if not one["superseded"]]
    [contact] = [one for one in await journey.contacts("CRSSAA") if one["outcome"] is None]
    assert contact["externalReference"].endswith(held["id"])


@pytest.mark.parametrize("how", HALF_WAY)
@pytest.mark.parametrize("moved", [False, True])
async def test_after_a_booking_that_failed_another_time_takes_its_place(
    world: World, peers: Peers, how: Failure, moved: bool
) -> None:
    journey = await (booked_assessment if moved else assigned_referral)(world)
    with peers.failing("probation", how, "/appointments$"):
        refused(await schedule_assessment(journey, appointment(tomorrow(world, 14))), 503, "PEER_UNAVAILABLE")
    made = ok(await schedule_assessment(journey, appointment(tomorrow(world, 16))))
    [contact] = [one for one in await journey.contacts("CRSSAA") if one["outcome"] is None]
    assert contact["externalReference"].endswith(made["id"])
    assert (await journey.assessment())["currentAppointmentId"] == made["id"]


async def test_back_to_the_old_time_after_a_move_whose_answer_was_lost(world: World, peers: Peers) -> None:
    journey = await booked_assessment(world)
    with peers.failing("probation", Failure.LOST, "/appointments$"):
        refused(await schedule_assessment(journey, appointment(tomorrow(world, 14))), 503, "PEER_UNAVAILABLE")
    made = ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    [contact] = [one for one in await journey.contacts("CRSSAA") if one["outcome"] is None]
    assert datetime.fromisoformat(contact["startTime"]) == tomorrow(world)
    assert contact["externalReference"].endswith(made["id"])


async def test_a_booking_whose_process_died_is_waited_for_and_then_replaced(world: World, peers: Peers) -> None:
    journey = await assigned_referral(world)
    with peers.failing("probation", Failure.LOST, "/appointments$"):
        await schedule_assessment(journey, appointment(tomorrow(world, 14)))
    lease = "update interventions.booking_attempt set busy_until = now() + make_interval(mins => $1::int)"
    await world.fetch(lease, 1)
    other = appointment(tomorrow(world, 16))
    refused(await schedule_assessment(journey, other), 409, "STALE_VERSION")
    await world.fetch(lease, -1)
    made = ok(await schedule_assessment(journey, other))
    [contact] = [one for one in await journey.contacts("CRSSAA") if one["outcome"] is None]
    assert contact["externalReference"].endswith(made["id"])


async def test_a_refused_move_leaves_the_appointment_as_it_was(world: World, peers: Peers) -> None:
    journey = await booked_assessment(world)
    before = await journey.assessment()
    with peers.refusing("probation", 400, "WHATEVER", "/appointments$"):
        refused(await schedule_assessment(journey, appointment(tomorrow(world, 14))), 400, "BOOKING_REFUSED")
    assert await journey.assessment() == before
    moved = ok(await schedule_assessment(journey, appointment(tomorrow(world, 15))))
    outcomes = [one["outcome"] and one["outcome"]["code"] for one in await journey.contacts("CRSSAA")]
    assert sorted(outcomes, key=str) == [None, "RSSR"]
    assert (await journey.assessment())["currentAppointmentId"] == moved["id"]


async def test_feedback_is_given_in_three_steps(world: World) -> None:
    journey = await booked_assessment(world)
    early = await journey.as_caseworker("PUT", feedback_path(journey, "record-attendance"), json=ATTENDED)
    refused(early, 400, "APPOINTMENT_IN_FUTURE")
    world.clock.set(tomorrow(world, 18))
    unready = await journey.as_caseworker("POST", feedback_path(journey, "submit-feedback"))
    refused(unready, 422, "ATTENDANCE_NOT_RECORDED")
    attendance = ok(await journey.as_caseworker("PUT", feedback_path(journey, "record-attendance"), json=ATTENDED))
    held = attendance["appointmentFeedback"]["attendanceFeedback"]
    assert (held["attended"], held["didSessionHappen"], held["submittedBy"]["username"]) == (
        "yes",
        True,
        CASEWORKER.username,
    )
    incomplete = await journey.as_caseworker("POST", feedback_path(journey, "submit-feedback"))
    assert ("sessionFeedback.sessionSummary", "CANNOT_BE_EMPTY") in problems(incomplete)
    body = session_feedback(late=True, lateReason="Bus")
    ok(await journey.as_caseworker("PUT", feedback_path(journey, "record-session-feedback"), json=body))
    final = ok(await journey.as_caseworker("POST", feedback_path(journey, "submit-feedback")))
    assert final["appointmentFeedback"]["submitted"] is True
    assert final["appointmentFeedback"]["sessionFeedback"]["lateReason"] == "Bus"
    for method, step, json in (
        ("PUT", "record-attendance", ATTENDED),
        ("PUT", "record-session-feedback", body),
        ("POST", "submit-feedback", None),
    ):
        again = await journey.as_caseworker(method, feedback_path(journey, step), json=json)
        refused(again, 409, "FEEDBACK_ALREADY_SUBMITTED")


async def test_another_answer_about_attendance_wipes_the_feedback(world: World) -> None:
    journey = await booked_assessment(world)
    world.clock.set(tomorrow(world, 18))
    behaviour = session_feedback(notifyProbationPractitionerOfBehaviour=True, sessionBehaviour="Rude")
    for step, body in (("record-attendance", ATTENDED), ("record-session-feedback", behaviour)):
        ok(await journey.as_caseworker("PUT", feedback_path(journey, step), json=body))
    again = ok(await journey.as_caseworker("PUT", feedback_path(journey, "record-attendance"), json=NOT_HELD))
    assert set(again["appointmentFeedback"]["sessionFeedback"].values()) == {None}


async def test_the_older_name_of_the_concerns_flag_is_understood(world: World) -> None:
    journey = await booked_assessment(world)
    body = {"notifyProbationPractitioner": True, "sessionConcerns": "Worried"}
    shown = ok(await journey.as_caseworker("PUT", feedback_path(journey, "record-session-feedback"), json=body))
    assert shown["appointmentFeedback"]["sessionFeedback"]["notifyProbationPractitionerOfConcerns"] is True


async def test_feedback_on_an_assessment_that_was_never_booked_is_not_found(world: World) -> None:
    journey = await assigned_referral(world)
    reply = await journey.as_caseworker("PUT", feedback_path(journey, "record-attendance"), json=ATTENDED)
    refused(reply, 404, "APPOINTMENT_NOT_FOUND")


async def test_a_further_appointment_comes_after_one_that_is_closed(world: World) -> None:
    journey = await booked_assessment(world)
    path = f"/referral/{journey.referral_id}/supplier-assessment"
    body = appointment(tomorrow(world, 8), sessionType="GROUP")
    refused(await journey.as_caseworker("POST", path, json=body), 409, "APPOINTMENT_OUT_OF_ORDER")
    later = appointment(tomorrow(world, 16), sessionType="GROUP")
    refused(await journey.as_caseworker("POST", path, json=later), 400, "PREVIOUS_APPOINTMENT_OPEN")
    world.clock.set(tomorrow(world, 18))
    ok(await record_assessment(journey, MISSED, absence_feedback()))
    made = ok(await journey.as_caseworker("POST", path, json=appointment(tomorrow(world), sessionType="GROUP")))
    assert made["sessionType"] == "ONE_TO_ONE"


async def test_the_current_appointment_can_be_changed_by_its_id(world: World) -> None:
    journey = await booked_assessment(world)
    first = (await journey.assessment())["currentAppointmentId"]
    path = f"/referral/{journey.referral_id}/supplier-assessment"
    group = appointment(tomorrow(world, 14), sessionType="GROUP")
    refused(await journey.as_caseworker("PUT", f"{path}/{first}", json=group), 400, "SESSION_TYPE_NOT_ALLOWED")
    moved = appointment(tomorrow(world, 14))
    refused(await journey.as_caseworker("PUT", f"{path}/{uuid4()}", json=moved), 404, "APPOINTMENT_NOT_FOUND")
    second = ok(await journey.as_caseworker("PUT", f"{path}/{first}", json=moved))
    assert second["id"] != first
    refused(await journey.as_caseworker("PUT", f"{path}/{first}", json=moved), 400, "APPOINTMENT_NOT_LATEST")
    world.clock.set(tomorrow(world, 18))
    ok(await record_assessment(journey, ATTENDED, session_feedback()))
    late = await journey.as_caseworker("PUT", f"{path}/{second['id']}", json=appointment(tomorrow(world)))
    refused(late, 409, "APPOINTMENT_ALREADY_DELIVERED")


async def test_an_unknown_assessment_is_not_found(world: World) -> None:
    journey = await assigned_referral(world)
    reply = await journey.as_caseworker(
        "PUT", f"/supplier-assessment/{uuid4()}/schedule-appointment", json=appointment(tomorrow(world))
    )
    refused(reply, 404, "ASSESSMENT_NOT_FOUND")
