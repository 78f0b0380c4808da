"""Appointments that should not be there are put aside: looked at first, all or none, on the record."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2

from tests.service.interventions.journey import (
    ATTENDED,
    Journey,
    appointment,
    hold_session,
    ok,
    planned_referral,
    refused,
    schedule_session,
    session_feedback,
    tomorrow,
)
from tests.world import World

ROLE = "ROLE_INTERVENTIONS__APPOINTMENTS__RW"
PATH = "/stale-appointments"


async def order(world: World, *appointment_ids: str, **changes: Any) -> httpx2.Response:
    client = await world.client("interventions", roles=[ROLE])
    body = {"appointmentIds": appointment_ids, "reason": "Recorded for somebody else", **changes}
    return await client.post(PATH, json=body)


async def stage(journey: Journey) -> str:
    """What lists hold of whether delivery began."""
    rows = await journey.world.fetch(
        "select started from interventions.referral_summary where referral_id = $1", journey.referral_id
    )
    return str(rows[0]["started"])


async def test_an_order_is_looked_at_first_then_the_session_is_as_if_it_had_not_been(world: World) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    held = await journey.session(1)
    wrong = held["appointmentId"]
    looked = ok(await order(world, wrong))
    assert (looked["id"], [one["appointmentId"] for one in looked["appointments"]]) == (None, [wrong])
    assert looked["appointments"][0] == {
        "appointmentId": wrong, "referralId": journey.referral_id, "appointmentTime": held["appointmentTime"],
        "feedbackSubmitted": True, "superseded": False,
    }  # fmt: skip
    assert ((await journey.session(1))["appointmentId"], await stage(journey)) == (wrong, "True")
    again = await schedule_session(journey, 1, appointment(tomorrow(world)))
    refused(again, 409, "APPOINTMENT_ALREADY_DELIVERED")
    done = ok(await order(world, wrong, dryRun=False))
    cleared = await journey.session(1)
    assert (cleared["appointmentId"], [one["id"] for one in cleared["oldAppointments"]]) == (None, [wrong])
    path = f"/referral/{journey.referral_id}/delivery-session-appointments/{wrong}/attendance"
    refused(await journey.as_caseworker("PUT", path, json=ATTENDED), 404, "APPOINTMENT_NOT_FOUND")
    assert await stage(journey) == "False"
    assert ok(await schedule_session(journey, 1, appointment(tomorrow(world))))["appointmentId"] != wrong
    kept = ok(await (await world.client("interventions", roles=[ROLE])).get(PATH))[0]
    assert (kept["id"], kept["appointmentIds"], kept["reason"]) == (done["id"], [wrong], "Recorded for somebody else")
    assert kept["carriedOutBy"].startswith("test-client")


async def test_an_appointment_that_was_replaced_does_not_come_back(world: World) -> None:
    journey = await planned_referral(world)
    first = ok(await schedule_session(journey, 1, appointment(tomorrow(world))))["appointmentId"]
    moved = {"rescheduleRequestedBy": "Service Provider", "rescheduledReason": "Ill"}
    second = ok(await schedule_session(journey, 1, appointment(tomorrow(world, 14), **moved)))["appointmentId"]
    assert first != second
    ok(await order(world, second, dryRun=False))
    shown = await journey.session(1)
    assert (shown["appointmentId"], {one["id"] for one in shown["oldAppointments"]}) == (None, {first, second})


async def test_one_id_that_is_wrong_keeps_all_as_they_are(world: World) -> None:
    journey = await planned_referral(world)
    one = ok(await schedule_session(journey, 1, appointment(tomorrow(world))))["appointmentId"]
    two = ok(await schedule_session(journey, 2, appointment(tomorrow(world, 15))))["appointmentId"]
    nobody = str(uuid4())
    body = refused(await order(world, one, nobody, dryRun=False), 400, "APPOINTMENTS_NOT_MARKABLE")
    assert body["message"] == f"there is no appointment {nobody}"
    assert (await journey.session(1))["appointmentId"] == one
    body = refused(await order(world, one, one, dryRun=False), 400, "APPOINTMENTS_NOT_MARKABLE")
    assert body["message"] == f"{one} is named more than once"
    ok(await order(world, one, dryRun=False))
    body = refused(await order(world, one, two, dryRun=False), 400, "APPOINTMENTS_NOT_MARKABLE")
    assert body["message"] == f"{one} was put aside before"
    assert (await journey.session(2))["appointmentId"] == two


async def test_an_order_without_ids_or_reason_names_what_is_missing(world: World) -> None:
    reply = await order(world, reason=" ")
    assert reply.status_code == 400
    assert {one["field"] for one in reply.json()["errors"]} == {"appointmentIds", "reason"}
