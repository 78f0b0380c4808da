"""A referral to which everything happened that can, for the tests that tell its story."""

from __future__ import annotations

from tests.service.interventions.amending import amended
from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    MISSED,
    OTHER_CASEWORKER,
    Journey,
    absence_feedback,
    appointment,
    assign,
    assigned_referral,
    drafted_plan,
    drafted_report,
    hold_session,
    ok,
    record_assessment,
    record_session,
    schedule_assessment,
    schedule_session,
    session_feedback,
    tomorrow,
    withdraw,
)
from tests.world import World

LONG = "word " * 200


async def eventful_referral(world: World) -> Journey:
    """A referral to which everything happened that can."""
    journey = await assigned_referral(world)
    ok(await assign(journey, OTHER_CASEWORKER.username))
    ok(await assign(journey, CASEWORKER.username))
    await amended(journey, "amend-probation-practitioner-name", ppName="Sam O'Neill")
    note = {"referralId": journey.referral_id, "subject": "About <b>work</b>", "body": LONG}
    ok(await journey.as_practitioner("POST", "/case-note", json=note))
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    moved = appointment(tomorrow(world, 11), rescheduleRequestedBy="Service Provider", rescheduledReason="Nobody there")
    ok(await schedule_assessment(journey, moved))
    world.clock.set(tomorrow(world, 18))
    worried = session_feedback(sessionConcerns="Talked of leaving", notifyProbationPractitionerOfConcerns=True)
    ok(await record_assessment(journey, ATTENDED, worried))
    journey.plan_id = await drafted_plan(journey, 2)
    ok(await journey.as_caseworker("POST", f"/draft-action-plan/{journey.plan_id}/submit"))
    ok(await schedule_session(journey, 1, appointment(tomorrow(world))))
    world.clock.set(tomorrow(world, 18))
    ok(await record_session(journey, 1, MISSED, absence_feedback(noAttendanceInformation="Did not answer the door")))
    await hold_session(journey, 1, ATTENDED, session_feedback())
    ok(await withdraw(journey, code="MOV"))
    report = await drafted_report(journey)
    ok(await journey.as_caseworker("POST", f"/draft-end-of-service-report/{report}/submit"))
    await world.drain()
    return journey
