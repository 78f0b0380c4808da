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


async def delivered(journey: Journey) -> None:
    """Every session is booked, happens and is fed back."""
    for number in range(1, SESSIONS + 1):
        path = f"/action-plan/{journey.plan_id}/appointment/{number}"
        appointment = await _tomorrow(journey)
        session = await journey.caseworker("PATCH", path, json=appointment)
        await _after(journey, appointment)
        root = f"/referral/{journey.referral_id}/delivery-session-appointments/{session['appointmentId']}"
        await journey.caseworker("PUT", f"{root}/attendance", json=HAPPENED)
        await journey.caseworker("PUT", f"{root}/session-feedback", json=FEEDBACK)
        await journey.caseworker("POST", f"{root}/submit-feedback")
        kind = "intervention.session-appointment"
        journey.owes(f"{kind}.attended", f"{kind}.session-feedback-submitted")
        journey.step(f"session {number} is booked, happens the next day and is fed back")


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


async def _after(journey: Journey, appointment: dict[str, Any]) -> None:
    """Move time to two hours after an appointment."""
    moment = datetime.fromisoformat(appointment["appointmentTime"])
    await journey.advance(moment + timedelta(hours=2) - await journey.now())


async def _tomorrow(journey: Journey) -> dict[str, Any]:
    """An appointment at eleven tomorrow, in London."""
    now = (await journey.now()).astimezone(LONDON)
    moment = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), LONDON).replace(hour=11)
    return {
        "appointmentTime": moment.isoformat(), "durationInMinutes": 60, "appointmentDeliveryType": "PHONE_CALL",
        "sessionType": "ONE_TO_ONE",
    }  # fmt: skip
