"""Pages that other tests come by too seldom are visited, each with what it may ask of services."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.service.interventions.journey import (
    Journey,
    appointment,
    assigned_referral,
    booked_assessment,
    half_delivered_referral,
    ok,
    planned_referral,
    schedule_assessment,
    schedule_session,
    tomorrow,
)
from tests.service.ui.test_booking import assessment, fields, new_key, progress
from tests.service.ui.visitor import Visitor, browser, fill, press
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import PRACTITIONERS

MOVED = {"rescheduleRequestedBy": "Service Provider", "rescheduledReason": "Ill"}
SIDES = ("probation-practitioner", "service-provider")


async def visit(visitor: Visitor, *paths: str) -> None:
    """Each of these is a page, a file, or leads to one."""
    for path in paths:
        answer = await visitor.get(path)
        assert answer.status_code == 200, (path, answer.status_code)


@pytest.fixture
async def sides(world: World, practitioner: Visitor, caseworker: Visitor) -> dict[str, Visitor]:
    """Both sides, signed in at the business time of the test."""
    made = browser(world)
    await made.sign_in(PRACTITIONERS[0].username)
    return {SIDES[0]: made, SIDES[1]: caseworker}


async def test_pages_of_an_assessment_that_moved(world: World, sides: dict[str, Visitor]) -> None:
    booked = await booked_assessment(world)
    ok(await schedule_assessment(booked, appointment(tomorrow(world, days=3), **MOVED)))
    old, now = sorted((await booked.assessment())["appointments"], key=lambda one: one["appointmentTime"])
    for side, visitor in sides.items():
        base = f"/{side}/referrals/{booked.referral_id}/supplier-assessment"
        await visit(
            visitor, f"{base}/rescheduled/appointment/{old['id']}", f"{base}/appointment/{now['id']}/calendar.ics"
        )
    await visit(sides[SIDES[1]], assessment(booked, "schedule/start"))


async def test_pages_of_sessions_that_were_held_missed_and_moved(world: World, sides: dict[str, Visitor]) -> None:
    planned = await half_delivered_referral(world)
    first, old = (await planned.session(1))["appointmentId"], (await planned.session(2))["appointmentId"]
    ok(await schedule_session(planned, 2, appointment(tomorrow(world, days=5), **MOVED)))
    now = (await planned.session(2))["appointmentId"]
    for side, visitor in sides.items():
        session = f"/{side}/referrals/{planned.referral_id}/session/2/appointment"
        plan, told = f"/{side}/action-plan/{planned.plan_id}", "post-session-feedback"
        await visit(
            visitor, f"{session}/{old}/rescheduled", f"{session}/{now}/calendar.ics",
            f"{plan}/appointment/1/{told}", f"{plan}/session/1/appointment/{first}/{told}",
        )  # fmt: skip
    provider, plan = sides[SIDES[1]], f"/service-provider/action-plan/{planned.plan_id}"
    await visit(provider, f"{plan}/session/2/appointment/{old}/rescheduled", f"{plan}/sessions/2/edit/start")
    world.clock.set(tomorrow(world, 18, days=5))
    feedback = f"{plan}/appointment/2/post-session-feedback"
    whole = [f"{feedback}/{page}" for page in ("attendance", "behaviour", "no-session", "check-your-answers")]
    await visit(provider, *whole, f"{plan}/add-activities")


@pytest.mark.parametrize("happened", ["yes", "no"])
@pytest.mark.parametrize("session", [False, True], ids=["assessment", "session"])
async def test_pages_of_an_appointment_in_the_past(
    world: World, caseworker: Visitor, session: bool, happened: str
) -> None:
    journey = await (planned_referral if session else assigned_referral)(world)
    world.clock.advance(timedelta(days=1))
    start = session_start(journey) if session else assessment(journey, "schedule/start")
    details = await press(caseworker, progress(journey), start, new_key())
    answers = fields(tomorrow(world, 19, days=-1), **({"session-type": "ONE_TO_ONE"} if session else {}))
    check = (await fill(caseworker, details, answers)).headers["location"]
    sent = await caseworker.send(await caseworker.get(check), check.replace("check-answers", "submit"))
    attendance = sent.headers["location"]
    went = {"did-session-happen": happened, **({} if happened == "yes" else {"attended": "no"})}
    onward = (await fill(caseworker, attendance, went)).headers["location"]
    assert onward.endswith("behaviour" if happened == "yes" else "no-session")
    await visit(caseworker, attendance, onward, attendance.replace("attendance", "check-your-answers"))


def session_start(journey: Journey) -> str:
    return f"/service-provider/action-plan/{journey.plan_id}/sessions/1/edit/start"


async def test_pages_that_lead_on_to_others(world: World, sides: dict[str, Visitor]) -> None:
    journey = await assigned_referral(world)
    gone = new_id()
    for side, visitor in sides.items():
        notes = f"/{side}/referrals/{journey.referral_id}/add-case-note"
        await visit(visitor, f"{notes}/start", f"{notes}/confirmation")
        assert (await visitor.get(f"{notes}/{gone}/submit")).status_code in {303, 404, 410}
    provider = sides[SIDES[1]]
    for path in (f"end-of-service-report/{gone}", f"referrals/{journey.referral_id}/assignment/{gone}"):
        assert (await provider.get(f"/service-provider/{path}/submit")).status_code in {303, 404, 410}
