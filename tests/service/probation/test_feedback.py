"""Feedback on sessions and supplier assessments, as it comes over the queue."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.service.probation.cases import appointment, book, contacts, open_case, start_referral, tomorrow
from tests.service.probation.events import SESSION_FEEDBACK, end, feedback, publish, refusals
from tests.service.probation.interventions import Interventions, appointment_with
from tests.world import World

Json = dict[str, Any]


class Booked:
    """A referral with an appointment tomorrow at ten, and tomorrow noon as the time of its feedback."""

    def __init__(self, crn: str, referral_id: str, appointment_id: str, contact_id: int, noon: datetime) -> None:
        self.crn, self.referral_id, self.noon = crn, referral_id, noon
        self.appointment_id, self.contact_id = appointment_id, contact_id


async def booked(world: World) -> Booked:
    crn = await open_case(world)
    referral_id, body = await start_referral(world, crn), appointment(tomorrow(world))
    contact_id = await book(world, crn, referral_id, body)
    return Booked(crn, referral_id, body["id"], contact_id, tomorrow(world, 12))


async def outcome(world: World, crn: str, contact_id: int) -> str | None:
    [found] = [one for one in await contacts(world, crn) if one["contactId"] == contact_id]
    return found["outcome"] and str(found["outcome"]["code"])


@pytest.mark.parametrize(
    ("attended", "changes", "code"),
    [
        ("yes", {}, "ATTC"),
        ("late", {}, "ATTC"),
        ("yes", {"notifyProbationPractitionerOfBehaviour": True}, "AFTC"),
        ("no", {}, "AFTA"),
        ("yes", {"didSessionHappen": False, "noSessionReasonType": "POP_UNACCEPTABLE"}, "AFTC"),
        ("yes", {"didSessionHappen": False, "noSessionReasonType": "POP_ACCEPTABLE"}, "AFDA"),
        ("yes", {"didSessionHappen": False, "noSessionReasonType": "LOGISTICS"}, "ATSS"),
    ],
)
@pytest.mark.parametrize("number", [3, None], ids=["session", "assessment"])
async def test_feedback_gives_the_appointment_its_outcome(
    world: World, interventions: Interventions, number: int | None, attended: str, changes: Json, code: str
) -> None:
    case = await booked(world)
    given = appointment_with(case.appointment_id, attended, at=case.noon, **changes)
    if number is None:
        interventions.assessment(case.referral_id, given)
    else:
        interventions.session(case.referral_id, number, given)
    await feedback(world, case.crn, case.referral_id, session=number, deliusAppointmentId=str(case.contact_id))
    await world.drain()
    found = {one["contactId"]: one for one in await contacts(world, case.crn)}
    assert found[case.contact_id]["outcome"]["code"] == code
    assert found[case.contact_id]["notes"].startswith(
        "Service delivery appointment\n\nSession feedback recorded: Education referral AB1234ED with Achieve\n"
    )
    enforced = [one["type"]["code"] for one in found.values() if one["linkedContactId"] == case.contact_id]
    assert enforced == (["AROM"] if code in {"AFTC", "AFTA"} else [])


async def test_without_a_contact_id_the_reference_finds_the_appointment(
    world: World, interventions: Interventions
) -> None:
    case = await booked(world)
    interventions.session(case.referral_id, 1, appointment_with(case.appointment_id, "yes", at=case.noon))
    await feedback(world, case.crn, case.referral_id)
    await world.drain()
    assert await outcome(world, case.crn, case.contact_id) == "ATTC"


async def test_feedback_told_twice_and_again_has_one_effect(world: World, interventions: Interventions) -> None:
    case = await booked(world)
    interventions.session(case.referral_id, 1, appointment_with(case.appointment_id, "no", at=case.noon))
    event_id = await feedback(world, case.crn, case.referral_id)
    await world.drain()
    once = await contacts(world, case.crn)
    await publish(
        world, SESSION_FEEDBACK, case.crn, event_id=event_id, referralId=case.referral_id,
        detail_url=f"/referral/{case.referral_id}/sessions/1",
    )  # fmt: skip
    await asyncio.gather(*(feedback(world, case.crn, case.referral_id) for _ in range(3)))
    await world.drain()
    assert await contacts(world, case.crn) == once
    assert [one["type"]["code"] for one in once].count("AROM") == 1


async def test_each_appointment_of_a_session_gets_its_own_outcome_in_any_order(
    world: World, interventions: Interventions
) -> None:
    case = await booked(world)
    second = appointment(tomorrow(world, 14))
    second_id = await book(world, case.crn, case.referral_id, second)
    interventions.session(
        case.referral_id, 1, appointment_with(second["id"], "yes", at=tomorrow(world, 16)),
        appointment_with(case.appointment_id, "no", at=case.noon),
    )  # fmt: skip
    for contact_id in (second_id, case.contact_id):
        await feedback(world, case.crn, case.referral_id, deliusAppointmentId=str(contact_id))
    await world.drain()
    assert await outcome(world, case.crn, second_id) == "ATTC"
    assert await outcome(world, case.crn, case.contact_id) == "AFTA"


async def test_an_appointment_that_was_moved_before_its_feedback_keeps_its_history(
    world: World, interventions: Interventions
) -> None:
    case = await booked(world)
    moved = appointment(tomorrow(world, 11), previousId=case.appointment_id, deliusId=case.contact_id)
    new = await book(world, case.crn, case.referral_id, moved)
    interventions.session(
        case.referral_id, 1, appointment_with(moved["id"], "yes", at=case.noon),
        appointment_with(case.appointment_id, None, at=case.noon),
    )  # fmt: skip
    await feedback(world, case.crn, case.referral_id, deliusAppointmentId=str(new))
    await feedback(world, case.crn, case.referral_id)
    await world.drain()
    assert await outcome(world, case.crn, new) == "ATTC"
    assert await outcome(world, case.crn, case.contact_id) == "RSSR"


async def test_feedback_that_is_not_final_gives_no_outcome(world: World, interventions: Interventions) -> None:
    case, before = await booked(world), len(await refusals(world))
    draft = appointment_with(case.appointment_id, "yes", at=case.noon)
    draft["appointmentFeedback"]["submitted"] = False
    interventions.session(case.referral_id, 1, draft)
    await feedback(world, case.crn, case.referral_id)
    await world.drain()
    assert await outcome(world, case.crn, case.contact_id) is None
    assert (await refusals(world))[before:] == [
        ("permanent", "the interventions service has no feedback on this appointment")
    ]


async def test_feedback_that_can_never_be_recorded_is_refused_at_once(
    world: World, interventions: Interventions
) -> None:
    case, before = await booked(world), len(await refusals(world))
    unknown, crn = str(uuid4()), await open_case(world)
    interventions.session(case.referral_id, 1, appointment_with(case.appointment_id, "yes", at=case.noon))
    of_a_later_release = appointment_with(case.appointment_id, "perhaps", at=case.noon)["appointmentFeedback"]
    interventions.sessions[case.referral_id, "2"] = {
        "appointmentId": case.appointment_id, "appointmentFeedback": of_a_later_release,
    }  # fmt: skip
    unclear = appointment_with(case.appointment_id, "yes", at=case.noon, didSessionHappen=False)
    interventions.session(case.referral_id, 4, unclear)
    interventions.session(case.referral_id, 5, appointment_with(unknown, "yes", at=case.noon))
    interventions.session(unknown, 1, appointment_with(unknown, "yes", at=case.noon))
    await feedback(world, "X000404", case.referral_id)
    await feedback(world, case.crn, unknown)
    for number in (2, 3, 4, 5):
        await feedback(world, case.crn, case.referral_id, session=number)
    await feedback(world, crn, case.referral_id)
    await feedback(world, case.crn, case.referral_id, deliusAppointmentId="ten")
    await publish(world, SESSION_FEEDBACK, case.crn, detail_url="/elsewhere", referralId=case.referral_id)
    await publish(world, SESSION_FEEDBACK, referralId=case.referral_id)
    await world.drain()
    found = (await refusals(world))[before:]
    assert {reason for reason, _ in found} == {"permanent"}
    assert sorted(detail for _, detail in found) == sorted([
        "CASE_NOT_FOUND", "REFERRAL_NOT_FOUND", "REFERRAL_NOT_FOUND", "APPOINTMENT_NOT_FOUND", "OUTCOME_UNCLEAR",
        "the feedback has a value that is not known", "detailUrl does not name a session",
        "the interventions service has no feedback on this appointment",
        "ValidationError at delius_appointment_id", "ValidationError at crn",
    ])  # fmt: skip
    assert await outcome(world, case.crn, case.contact_id) is None


async def test_feedback_on_what_a_referral_left_open_still_counts_after_its_end(
    world: World, interventions: Interventions
) -> None:
    crn = await open_case(world)
    referral_id, body = await start_referral(world, crn), appointment(world.clock.now() + timedelta(minutes=1))
    contact_id = await book(world, crn, referral_id, body)
    over = world.clock.now() + timedelta(hours=2)
    interventions.ended(referral_id, endRequestedAt=over.isoformat())
    interventions.session(referral_id, 1, appointment_with(body["id"], "yes", at=over))
    await end(world, crn, referral_id)
    await world.drain()
    assert await outcome(world, crn, contact_id) is None
    await feedback(world, crn, referral_id, deliusAppointmentId=str(contact_id))
    await world.drain()
    assert await outcome(world, crn, contact_id) == "ATTC"
