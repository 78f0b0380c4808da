"""Assessment, action plan, sessions and the end-of-service report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from throughcare.cli.journey.journey import Journey
from throughcare.kit.clock import LONDON
from throughcare.seeding.accounts import PRACTITIONERS

SESSIONS = 2
HAPPENED = {"attended": "yes", "didSessionHappen": True}
FEEDBACK = {
    "late": False, "sessionSummary": "We agreed the next steps.", "sessionResponse": "Engaged well.",
    "notifyProbationPractitionerOfBehaviour": False, "notifyProbationPractitionerOfConcerns": False,
}  # fmt: skip
STAYED_AWAY = {"attended": "no", "didSessionHappen": False}
ABSENCE = {
    "noAttendanceInformation": "Could not be reached by telephone.", "notifyProbationPractitionerOfConcerns": False,
}  # fmt: skip
SESSION = "intervention.session-appointment"
OFFICER = PRACTITIONERS[0].email


async def assessed(journey: Journey) -> None:
    """The supplier assessment is booked, happens and is fed back."""
    assessment = await journey.caseworker("GET", f"/sent-referral/{journey.referral_id}/supplier-assessment")
    path = f"/supplier-assessment/{assessment['id']}/schedule-appointment"
    appointment = await _tomorrow(journey)
    await journey.caseworker("PUT", path, json=appointment)
    await journey.message_to(OFFICER, "initial-assessment-scheduled")
    journey.owes("interventions.supplier-assessment.scheduled")
    journey.step("the supplier assessment is booked for tomorrow; the responsible officer is told")
    await _after(journey, appointment)
    root = f"/referral/{journey.referral_id}/supplier-assessment"
    await journey.caseworker("PUT", f"{root}/record-attendance", json=HAPPENED)
    await journey.caseworker("PUT", f"{root}/record-session-feedback", json=FEEDBACK)
    await journey.caseworker("POST", f"{root}/submit-feedback")
    kind = "intervention.initial-assessment-appointment"
    journey.owes(f"{kind}.attended", f"{kind}.session-feedback-submitted")
    journey.step("a day later it has happened and feedback is submitted")


async def planned(journey: Journey) -> None:
    """The action plan is written and submitted, which approves it."""
    body = {
        "referralId": journey.referral_id, "numberOfSessions": SESSIONS,
        "activities": [{"description": "Write a CV"}, {"description": "Practise an interview"}],
    }  # fmt: skip
    plan = await journey.caseworker("POST", "/draft-action-plan", json=body, expect=201)
    journey.plan_id = plan["id"]
    await journey.caseworker("POST", f"/draft-action-plan/{plan['id']}/submit", expect=201)
    await journey.message_to(OFFICER, "action-plan-submitted")
    journey.owes("intervention.action-plan.submitted", "intervention.action-plan.approved")
    journey.step(f"the action plan with {SESSIONS} sessions is submitted and approved")


async def held(journey: Journey) -> None:
    """The first session is booked, moved to the afternoon at the person's wish, happens and is fed back."""
    await _book(journey, 1, await _tomorrow(journey))
    wish = {"rescheduleRequestedBy": journey.crn, "rescheduledReason": "A job interview"}
    appointment = await _tomorrow(journey, hour=15)
    session = await _book(journey, 1, {**appointment, **wish})
    journey.check(session["oldAppointments"][0]["superseded"], "the first time of the session still counts")
    await _after(journey, appointment)
    await _feed_back(journey, session, HAPPENED, FEEDBACK)
    journey.owes(f"{SESSION}.attended", f"{SESSION}.session-feedback-submitted")
    journey.step("session 1 is booked, moved, happens the next day and is fed back")


async def missed(journey: Journey) -> None:
    """Nobody comes to the second session; the responsible officer is told, and it is held another day."""
    appointment = await _tomorrow(journey)
    session = await _book(journey, 2, appointment)
    await _after(journey, appointment)
    await _feed_back(journey, session, STAYED_AWAY, ABSENCE)
    journey.owes(f"{SESSION}.missed", f"{SESSION}.session-feedback-submitted")
    await journey.message_to(OFFICER, "appointment-not-attended")
    journey.step("nobody comes to session 2; the responsible officer is told")
    appointment = await _tomorrow(journey)
    session = await _book(journey, 2, appointment)
    await _after(journey, appointment)
    await _feed_back(journey, session, HAPPENED, FEEDBACK)
    journey.owes(f"{SESSION}.attended", f"{SESSION}.session-feedback-submitted")
    journey.step("session 2 is booked again, happens the next day and is fed back")


async def reported(journey: Journey) -> None:
    """The end-of-service report is written and submitted."""
    body = {"referralId": journey.referral_id}
    report = await journey.caseworker("POST", "/draft-end-of-service-report", json=body, expect=201)
    referral = await journey.caseworker("GET", f"/sent-referral/{journey.referral_id}")
    for chosen in referral["referral"]["desiredOutcomes"]:
        for outcome in chosen["desiredOutcomesIds"]:
            change = {"outcome": {"desiredOutcomeId": outcome, "achievementLevel": "ACHIEVED"}}
            await journey.caseworker("PATCH", f"/draft-end-of-service-report/{report['id']}", json=change)
    await journey.caseworker("POST", f"/draft-end-of-service-report/{report['id']}/submit")
    await journey.message_to(OFFICER, "end-of-service-report-submitted")
    journey.owes("intervention.end-of-service-report.submitted")
    journey.step("the end-of-service report is submitted; the responsible officer is told")


async def _book(journey: Journey, number: int, appointment: dict[str, Any]) -> dict[str, Any]:
    path = f"/action-plan/{journey.plan_id}/appointment/{number}"
    session: dict[str, Any] = await journey.caseworker("PATCH", path, json=appointment)
    return session


async def _feed_back(
    journey: Journey, session: dict[str, Any], attendance: dict[str, Any], feedback: dict[str, Any]
) -> None:
    root = f"/referral/{journey.referral_id}/delivery-session-appointments/{session['appointmentId']}"
    await journey.caseworker("PUT", f"{root}/attendance", json=attendance)
    await journey.caseworker("PUT", f"{root}/session-feedback", json=feedback)
    await journey.caseworker("POST", f"{root}/submit-feedback")


async def _after(journey: Journey, appointment: dict[str, Any]) -> None:
    """Move time to two hours after an appointment."""
    moment = datetime.fromisoformat(appointment["appointmentTime"])
    await journey.advance(moment + timedelta(hours=2) - await journey.now())


async def _tomorrow(journey: Journey, hour: int = 11) -> dict[str, Any]:
    """An appointment at ``hour`` tomorrow, in London."""
    now = (await journey.now()).astimezone(LONDON)
    moment = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), LONDON).replace(hour=hour)
    return {
        "appointmentTime": moment.isoformat(), "durationInMinutes": 60, "appointmentDeliveryType": "PHONE_CALL",
        "sessionType": "ONE_TO_ONE",
    }  # fmt: skip
