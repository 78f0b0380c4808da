"""What happened to a referral, for both sides: every kind once, in order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.service.interventions.eventful import eventful_referral
from tests.service.interventions.journey import (
    ATTENDED,
    CASEWORKER,
    PRACTITIONER,
    Journey,
    Json,
    appointment,
    drafted_plan,
    ok,
    planned_referral,
    schedule_session,
    sent_referral,
    session_feedback,
    tomorrow,
)
from tests.world import World
from throughcare.services.interventions.timeline.model import LONGEST, Kind


async def timeline(journey: Journey, *, provider: bool = True) -> list[Json]:
    """The timeline as one side reads it."""
    ask = journey.as_caseworker if provider else journey.as_practitioner
    found: list[Json] = ok(await ask("GET", f"/sent-referral/{journey.referral_id}/timeline"))
    return found


def kinds(items: list[Json]) -> list[str]:
    """What happened, the oldest first, messages apart."""
    return [one["kind"] for one in reversed(items) if one["kind"] != Kind.NOTIFICATION]


def only(items: list[Json], kind: str) -> Json:
    [found] = [one for one in items if one["kind"] == kind]
    return found


@pytest.fixture(scope="module")
async def story(world: World) -> Journey:
    """A referral to which everything happened that can."""
    return await eventful_referral(world)


EXPECTED = [
    "SENT", "ASSIGNED", "REASSIGNED", "REASSIGNED", "AMENDED", "CASE_NOTE", "APPOINTMENT_BOOKED", "APPOINTMENT_MOVED",
    "APPOINTMENT_HELD", "FEEDBACK", "CONCERNS", "PLAN_SUBMITTED", "PLAN_APPROVED", "APPOINTMENT_BOOKED",
    "APPOINTMENT_MISSED", "FEEDBACK", "APPOINTMENT_BOOKED", "APPOINTMENT_HELD", "FEEDBACK", "END_REQUESTED",
    "REPORT_SUBMITTED",
]  # fmt: skip


@pytest.mark.parametrize("provider", [True, False])
async def test_every_kind_of_thing_is_told_once_and_in_order(story: Journey, *, provider: bool) -> None:
    items = await timeline(story, provider=provider)
    moments = [datetime.fromisoformat(one["at"]) for one in items]
    assert moments == sorted(moments, reverse=True)
    assert kinds(items) == EXPECTED
    assert len({(one["kind"], one["id"], one["at"]) for one in items}) == len(items)
    assert {one["message"]["template"] for one in items if one["message"]} >= {"referral-sent", "case-note-sent"}


async def test_each_thing_says_who_did_it_and_what_it_was(story: Journey) -> None:
    items = await timeline(story)
    assert only(items, "SENT")["by"]["username"] == PRACTITIONER.username
    assert only(items, "ASSIGNED")["assignedTo"]["username"] == CASEWORKER.username
    change = only(items, "AMENDED")["change"]
    assert (change["description"], change["newValue"]) == ("Probation practitioner name", ["Sam O'Neill"])
    note = only(items, "CASE_NOTE")
    assert note["subject"] == "About <b>work</b>"
    assert note["text"].endswith("word …")
    assert len(note["text"]) <= LONGEST + 2
    moved = only(items, "APPOINTMENT_MOVED")
    assert (moved["reason"], moved["requestedBy"]) == ("Nobody there", "Service Provider")
    assert moved["appointment"]["sessionNumber"] is None
    missed = only(items, "APPOINTMENT_MISSED")
    assert missed["reason"] == "Did not answer the door"
    assert missed["appointment"]["sessionNumber"] == 1
    assert missed["appointment"]["actionPlanId"] == story.plan_id
    assert missed["at"] == missed["appointment"]["appointmentTime"]
    assert only(items, "CONCERNS")["text"] == "Talked of leaving"
    assert only(items, "PLAN_APPROVED")["by"] is None
    ended = only(items, "END_REQUESTED")
    assert (ended["code"], ended["text"]) == ("MOV", "Moved away")


async def test_a_plan_being_written_and_unsent_feedback_are_not_for_the_practitioner(world: World) -> None:
    journey = await planned_referral(world)
    ok(await schedule_session(journey, 1, appointment(tomorrow(world))))
    world.clock.set(tomorrow(world, 18))
    session = await journey.session(1)
    path = f"/referral/{journey.referral_id}/delivery-session-appointments/{session['appointmentId']}"
    ok(await journey.as_caseworker("PUT", f"{path}/attendance", json=ATTENDED))
    ok(await journey.as_caseworker("PUT", f"{path}/session-feedback", json=session_feedback()))
    submitted = await drafted_plan(journey, 3)
    mine, theirs = kinds(await timeline(journey)), kinds(await timeline(journey, provider=False))
    assert (mine.count("PLAN_BEGUN"), theirs.count("PLAN_BEGUN")) == (1, 0)
    assert [one for one in mine if one != "PLAN_BEGUN"] == theirs
    assert theirs.count("FEEDBACK") == 1
    assert theirs.count("APPOINTMENT_HELD") == 1
    begun = only(await timeline(journey), "PLAN_BEGUN")
    assert (begun["id"], begun["version"]) == (submitted, 2)


async def test_a_referral_that_ran_its_course_says_when_it_was_concluded(world: World) -> None:
    journey = await sent_referral(world)
    assert kinds(await timeline(journey)) == ["SENT"]
    later = world.clock.now() + timedelta(hours=1)
    await world.fetch(
        "update interventions.referral set concluded_at = $1 where id = $2 returning id", later, journey.referral_id
    )
    assert kinds(await timeline(journey)) == ["SENT", "CONCLUDED"]
