"""Booking appointments and giving feedback on them, page by page, as a caseworker does it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    Journey,
    assigned_referral,
    booked_assessment,
    mails,
    planned_referral,
    second_referral,
    tomorrow,
)
from tests.service.ui.visitor import Visitor, browser, errors, fill, heading, press, words
from tests.world import World, hidden_field
from throughcare.kit.clock import LONDON
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

OFFICE = "CRS0032"


def assessment(journey: Journey, page: str) -> str:
    return f"/service-provider/referrals/{journey.referral_id}/supplier-assessment/{page}"


def progress(journey: Journey) -> str:
    return f"/service-provider/referrals/{journey.referral_id}/progress"


def fields(at: datetime, **changes: str) -> dict[str, str]:
    """The answers of the form for an hour at an office."""
    local = at.astimezone(LONDON)
    return {
        "date-day": str(local.day), "date-month": str(local.month), "date-year": str(local.year),
        "time-hour": str(local.hour % 12 or 12), "time-minute": f"{local.minute:02}",
        "time-part-of-day": "am" if local.hour < 12 else "pm", "duration-hours": "1", "duration-minutes": "",
        "meeting-method": "IN_PERSON_MEETING_PROBATION_OFFICE", "delius-office-location-code": OFFICE, **changes,
    }  # fmt: skip


def new_key() -> str:
    return str(new_id())


async def test_an_assessment_is_booked_checked_and_confirmed_once_however_often_it_is_sent(
    world: World, caseworker: Visitor
) -> None:
    journey = await assigned_referral(world)
    details = await press(caseworker, progress(journey), assessment(journey, "schedule/start"), new_key())
    at = tomorrow(world)
    check = (await fill(caseworker, details, fields(at))).headers["location"]
    page = await caseworker.get(check)
    assert heading(page) == "Confirm appointment details"
    assert "10am to 11am" in words(page)
    first = await caseworker.send(page, check.replace("check-answers", "submit"))
    again = await caseworker.send(page, check.replace("check-answers", "submit"))
    assert first.headers["location"] == again.headers["location"] == assessment(journey, "scheduled-confirmation")
    booked = (await journey.assessment())["appointments"]
    assert len(booked) == 1
    assert datetime.fromisoformat(booked[0]["appointmentTime"]) == at
    assert booked[0]["npsOfficeCode"] == OFFICE
    assert len(await journey.contacts("CRSSAA")) == 1
    gone = await caseworker.get(details)
    assert (gone.status_code, heading(gone)) == (410, "This page is no longer available")
    assert "booked this appointment" in words(gone)
    seen = await caseworker.get(assessment(journey, f"appointment/{booked[0]['id']}"))
    assert "View appointment details" in heading(seen)
    file = await caseworker.get(assessment(journey, f"appointment/{booked[0]['id']}/calendar.ics"))
    assert file.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Supplier assessment\\, referral" in file.text
    assert "Bloggs" not in file.text


async def test_every_wrong_answer_is_named_and_nothing_typed_is_lost(world: World, caseworker: Visitor) -> None:
    journey = await assigned_referral(world)
    details = await press(caseworker, progress(journey), assessment(journey, "schedule/start"), new_key())
    nothing = await fill(caseworker, details, {}, 400)
    assert errors(nothing) == {
        "Session date must include a day", "Session time must include an hour", "Enter how long the session lasts",
        "Select how the meeting will take place",
    }  # fmt: skip
    at = tomorrow(world)
    cases: list[tuple[dict[str, str], str]] = [
        (fields(at, **{"time-part-of-day": ""}), "Select AM or PM"),
        (fields(at, **{"time-hour": "13"}), "Session time must be a real time"),
        (fields(at, **{"duration-hours": "x"}), "Enter a real duration"),
        (fields(at, **{"duration-hours": "0"}), "Enter a real duration"),
        (fields(at, **{"duration-hours": "20"}), "The session must end on the day on which it starts"),
        (fields(at, **{"delius-office-location-code": "nowhere"}), "Select an office from the list"),
        (fields(at, **{"date-year": "2030"}), "Session date must be on or before 4 September 2024"),
        (fields(at - timedelta(days=400)), "Session date must be on or after 4 March 2024, when the referral was sent"),
    ]
    for answers, error in cases:
        answer = await fill(caseworker, details, answers, 400)
        assert errors(answer) == {error}, error
        assert f'value="{answers["time-minute"]}"' in answer.text
    elsewhere = fields(at, **{"meeting-method": "IN_PERSON_MEETING_OTHER"})
    assert errors(await fill(caseworker, details, elsewhere, 400)) == {"Enter address line 1", "Enter a postcode"}
    line, code = "method-other-location-address-line-1", "method-other-location-address-postcode"
    hostile = {**elsewhere, line: "<script>alert(1)</script>", code: "nowhere"}
    answer = await fill(caseworker, details, hostile, 400)
    assert errors(answer) == {"Enter a full UK postcode"}
    assert "<script>alert" not in answer.text
    check = await fill(caseworker, details, {**elsewhere, line: "1 High Street", code: "sy4 0re"})
    assert "1 High Street" in words(await caseworker.get(check.headers["location"]))


async def test_moving_an_assessment_asks_who_wanted_it_and_why(world: World, caseworker: Visitor) -> None:
    journey = await booked_assessment(world)
    details = await press(caseworker, progress(journey), assessment(journey, "schedule/start"), new_key())
    page = await caseworker.get(details)
    assert heading(page) == "Change appointment details"
    assert 'value="10"' in page.text
    answer = await fill(caseworker, details, fields(tomorrow(world, 15)), 400)
    assert errors(answer) == {"Select who asked for the change", "Enter the reason for the change"}
    why = {"reschedule-requested-by": "Jo Bloggs", "rescheduled-reason": "At\nwork"}
    check = (await fill(caseworker, details, fields(tomorrow(world, 15), **why))).headers["location"]
    checked = await caseworker.get(check)
    assert "Session type" not in words(checked), "nobody is asked for it, so nobody can change it"
    sent = await caseworker.send(checked, check.replace("check-answers", "submit"))
    assert sent.headers["location"] == assessment(journey, "rescheduled-confirmation")
    confirmed = await caseworker.get(sent.headers["location"])
    assert heading(confirmed) == "Supplier assessment appointment updated"
    assert "govuk-notification-banner" not in confirmed.text
    moved = next(one for one in (await journey.assessment())["appointments"] if one["superseded"])
    assert (moved["rescheduleRequestedBy"], moved["rescheduledReason"]) == ("Jo Bloggs", "At\nwork")
    old = await caseworker.get(assessment(journey, f"rescheduled/appointment/{moved['id']}"))
    assert "This appointment was replaced by another one." in words(old)


async def test_a_clash_is_told_on_the_form_with_everything_kept(world: World, caseworker: Visitor) -> None:
    journey = await booked_assessment(world)
    other = await second_referral(journey)
    details = await press(caseworker, progress(other), assessment(other, "schedule/start"), new_key())
    check = (await fill(caseworker, details, fields(tomorrow(world)))).headers["location"]
    submit = check.replace("check-answers", "submit")
    answer = await caseworker.send(await caseworker.get(check), submit)
    assert answer.status_code == 409
    assert errors(answer) == {"The appointment clashes with another one at the same time"}
    assert f'action="{details}"' in answer.text
    assert 'name="time-hour" type="text" inputmode="numeric" value="10"' in answer.text
    again = await caseworker.send(answer, details, fields(tomorrow(world, 14)))
    assert (
        await caseworker.send(answer, again.headers["location"].replace("check-answers", "submit"))
    ).status_code == 303
    assert len((await other.assessment())["appointments"]) == 1


async def test_feedback_on_an_assessment_goes_from_attendance_to_confirmation(
    world: World, caseworker: Visitor
) -> None:
    journey = await booked_assessment(world)
    world.clock.set(tomorrow(world, 18))
    start = assessment(journey, "post-assessment-feedback/attendance")
    assert errors(await fill(caseworker, start, {}, 400)) == {"Select whether the session happened"}
    assert errors(await fill(caseworker, start, {"did-session-happen": "no"}, 400)) == {"Select whether they attended"}
    page = (await fill(caseworker, start, {"did-session-happen": "yes"})).headers["location"]
    assert page == assessment(journey, "post-assessment-feedback/behaviour")
    assert "Supplier assessment appointment, " in words(await caseworker.get(page))
    assert errors(await fill(caseworker, page, {}, 400)) == {
        "Select whether Jo Bloggs was late", "Enter what you did in the session",
        "Enter how Jo Bloggs responded to the session",
        "Select at least one answer, or ‘No’ if there is nothing to tell the probation practitioner",
    }  # fmt: skip
    answers = {
        "late": "no", "session-summary": "Talked\nabout work", "session-response": "Well",
        "notify-probation-practitioner": "concerns", "future-session-plans": "A CV",
    }  # fmt: skip
    assert errors(await fill(caseworker, page, answers, 400)) == {"Enter a description of what concerned you"}
    check = (await fill(caseworker, page, {**answers, "session-concerns": "Seemed low"})).headers["location"]
    shown = await caseworker.get(check)
    for said in ("Talked about work", "Seemed low", "A CV", "Was Jo Bloggs late? No"):
        assert said in words(shown), said
    key = hidden_field(shown.text, "request_id")
    submit = assessment(journey, "post-assessment-feedback/submit")
    for _ in range(2):
        sent = await caseworker.send(shown, submit, {"request_id": key})
        assert (sent.status_code, sent.headers["location"]) == (303, progress(journey))
    assert "The probation practitioner is told about it." in words(await caseworker.get(progress(journey)))
    feedback = (await journey.assessment())["appointments"][0]["appointmentFeedback"]
    assert feedback["submitted"]
    assert feedback["sessionFeedback"]["sessionConcerns"] == "Seemed low"
    await world.drain()
    assert any("Seemed low" not in str(one) for one in await mails(world))
    reader = browser(world)
    path = f"/probation-practitioner/referrals/{journey.referral_id}/supplier-assessment/post-assessment-feedback"
    read = await reader.sign_in(PRACTITIONERS[0].username, path)
    assert "Seemed low" in words(read)
    assert f"Feedback given by {CASEWORKERS[0].name}" in words(read)
    await reader.http.aclose()


@pytest.mark.parametrize(
    ("attended", "answers", "missing"),
    [
        ("yes", {"no-session-reason-type": "POP_UNACCEPTABLE", "no-session-reason-pop-unacceptable": "Shouted",
                 "notify-probation-practitioner": "no"},
         {"Select why the session did not happen", "Select whether something concerned you"}),
        ("no", {"no-attendance-information": "No answer", "notify-probation-practitioner": "yes",
                "session-concerns": "Worried"},
         {"Add anything you know about them not attending", "Select whether something concerned you"}),
    ],
)  # fmt: skip
async def test_a_session_that_did_not_happen_asks_why(
    world: World, caseworker: Visitor, attended: str, answers: dict[str, str], missing: set[str]
) -> None:
    journey = await booked_assessment(world)
    world.clock.set(tomorrow(world, 18))
    start = assessment(journey, "post-assessment-feedback/attendance")
    page = (await fill(caseworker, start, {"did-session-happen": "no", "attended": attended})).headers["location"]
    assert page == assessment(journey, "post-assessment-feedback/no-session")
    assert errors(await fill(caseworker, page, {}, 400)) == missing
    check = (await fill(caseworker, page, answers)).headers["location"]
    sent = await caseworker.send(
        await caseworker.get(check), assessment(journey, "post-assessment-feedback/submit"), {"request_id": new_key()}
    )
    assert sent.status_code == 303
    said = (await journey.assessment())["appointments"][0]["appointmentFeedback"]
    assert said["submitted"]
    assert said["attendanceFeedback"] == {**said["attendanceFeedback"], "didSessionHappen": False, "attended": attended}
    shown = words(await caseworker.get(progress(journey)))
    assert ("Did not attend" if attended == "no" else "Did not happen") in shown


async def test_a_session_of_yesterday_is_booked_with_its_feedback_in_one(world: World, caseworker: Visitor) -> None:
    journey = await planned_referral(world)
    world.clock.advance(timedelta(days=1))
    base = f"/service-provider/action-plan/{journey.plan_id}/sessions/1/edit"
    details = await press(caseworker, progress(journey), f"{base}/start", new_key())
    yesterday = tomorrow(world, 9, days=-1)
    answers = fields(yesterday + timedelta(hours=10), **{"session-type": "ONE_TO_ONE"})
    assert errors(await fill(caseworker, details, fields(yesterday), 400)) == {"Select the session type"}
    check = (await fill(caseworker, details, answers)).headers["location"]
    page = await caseworker.get(check)
    assert "This date is in the past." in words(page)
    attendance = (await caseworker.send(page, check.replace("check-answers", "submit"))).headers["location"]
    assert (await journey.session(1))["appointmentId"] is None, "nothing is booked before its feedback is sent"
    happened = (await fill(caseworker, attendance, {"did-session-happen": "yes"})).headers["location"]
    said = {
        "late": "yes", "late-reason": "Bus", "session-summary": "CV", "session-response": "Well",
        "notify-probation-practitioner": "no",
    }  # fmt: skip
    check = (await fill(caseworker, happened, said)).headers["location"]
    shown = await caseworker.get(check)
    for _ in range(2):
        sent = await caseworker.send(shown, check.replace("check-your-answers", "submit"))
        assert sent.headers["location"] == progress(journey)
    held = await journey.session(1)
    assert held["appointmentFeedback"]["submitted"]
    assert held["appointmentFeedback"]["attendanceFeedback"]["attended"] == ATTENDED["attended"]
    assert not held["oldAppointments"]


async def test_somebody_elses_booking_is_not_shown(world: World, caseworker: Visitor) -> None:
    journey = await assigned_referral(world)
    details = await press(caseworker, progress(journey), assessment(journey, "schedule/start"), new_key())
    await world.fetch("update ui.unfinished set owner = 'auth:SOMEBODY' where finished_at is null")
    assert (await caseworker.get(details)).status_code == 403
