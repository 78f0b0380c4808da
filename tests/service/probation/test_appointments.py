"""Appointments that a provider books: new, moved, replaced, with what came of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.service.probation.cases import (
    CASE_DETAIL,
    appointment,
    book,
    contacts,
    open_case,
    put_appointment,
    sentence,
    start_referral,
    tomorrow,
)
from tests.world import World

Json = dict[str, Any]


def refused(reply: httpx2.Response, status: int, code: str) -> None:
    assert (reply.status_code, reply.json()["errorCode"]) == (status, code), reply.text


async def referred(world: World, **changes: Any) -> tuple[str, str]:
    """A case with a referral: CRN and referral id."""
    crn = await open_case(world, **changes)
    return crn, await start_referral(world, crn)


async def appointments(world: World, crn: str) -> dict[int, Json]:
    """The appointments on record by contact id."""
    found = await contacts(world, crn)
    return {one["contactId"]: one for one in found if one["type"]["code"] in {"CRSAPT", "CRSSAA"}}


def codes(found: dict[int, Json]) -> list[str | None]:
    """Their outcomes in the order of their ids."""
    return [found[key]["outcome"] and found[key]["outcome"]["code"] for key in sorted(found)]


async def test_an_appointment_that_counts_is_delivery_and_another_is_assessment(world: World) -> None:
    crn, referral_id = await referred(world)
    delivery = await book(world, crn, referral_id, appointment(tomorrow(world)))
    body = appointment(tomorrow(world, 12), countsTowardsRar=False, officeLocationCode=None)
    assessment = await book(world, crn, referral_id, body)
    found = await appointments(world, crn)
    assert (found[delivery]["type"]["code"], found[delivery]["rarActivity"]) == ("CRSAPT", True)
    assert (found[delivery]["locationCode"], found[delivery]["notes"]) == ("CRSEXTL", "Service delivery appointment")
    assert (found[assessment]["type"]["code"], found[assessment]["rarActivity"]) == ("CRSSAA", False)
    assert found[assessment]["locationCode"] is None
    assert found[assessment]["externalReference"] == f"urn:hmpps:interventions-appointment:{body['id']}"
    assert found[delivery]["nsiId"] == found[assessment]["nsiId"]


async def test_delivery_under_a_sentence_without_the_requirement_is_no_activity(world: World) -> None:
    crn, referral_id = await referred(world, sentence=sentence(hasRar=False))
    made = await book(world, crn, referral_id, appointment(tomorrow(world)))
    assert (await appointments(world, crn))[made]["rarActivity"] is False


async def test_the_same_booking_again_is_the_same_contact_at_once_and_after_it_began(world: World) -> None:
    crn, referral_id = await referred(world)
    body = appointment(world.clock.now() + timedelta(seconds=2))
    replies = await asyncio.gather(*(put_appointment(world, crn, referral_id, body) for _ in range(6)))
    assert {one.status_code for one in replies} == {200}
    [made] = {one.json()["appointmentId"] for one in replies}
    world.clock.advance(timedelta(seconds=5))
    assert await book(world, crn, referral_id, {**body, "notes": "Bring papers"}) == made
    [only] = (await appointments(world, crn)).values()
    assert only["notes"] == "Service delivery appointment\n\nBring papers"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": "2024-03-01T10:00:00Z"}, "APPOINTMENT_IN_PAST"),
        ({"start": "2024-07-01T22:30:00Z"}, "APPOINTMENT_SPANS_DAYS"),
        ({"officeLocationCode": "NOWHERE"}, "OFFICE_LOCATION_UNKNOWN"),
        ({"referralId": str(uuid4())}, "REFERRAL_MISMATCH"),
        ({"outcome": {"attended": "YES", "didSessionHappen": False}}, "OUTCOME_UNCLEAR"),
        ({"durationInMinutes": 0}, "INVALID"),
        ({"durationInMinutes": 1440}, "INVALID"),
        ({"start": "9999-12-31T23:30:00-12:00"}, "INVALID"),
        ({"outcome": {"attended": "MAYBE"}}, "INVALID"),
        ({"deliusId": 2**63}, "INVALID"),
    ],
)
async def test_an_appointment_that_cannot_be_is_refused(world: World, changes: Json, code: str) -> None:
    crn, referral_id = await referred(world)
    body = appointment(tomorrow(world)) | changes
    refused(await put_appointment(world, crn, referral_id, body), 400, code)
    assert await appointments(world, crn) == {}


async def test_an_evening_in_summer_that_ends_before_midnight_in_london_is_taken(world: World) -> None:
    crn, referral_id = await referred(world)
    await book(world, crn, referral_id, appointment(tomorrow(world)) | {"start": "2024-07-01T21:30:00Z"})
    [made] = (await appointments(world, crn)).values()
    assert (made["date"], made["startTime"]) == ("2024-07-01", "2024-07-01T21:30:00Z")


async def test_without_a_referral_on_record_nothing_can_be_booked(world: World) -> None:
    crn, referral_id = await referred(world)
    other = await open_case(world)
    body = appointment(tomorrow(world))
    refused(await put_appointment(world, crn, str(uuid4()), body), 404, "REFERRAL_NOT_FOUND")
    refused(await put_appointment(world, other, referral_id, body), 404, "REFERRAL_NOT_FOUND")
    refused(await put_appointment(world, "X000404", referral_id, body), 404, "CASE_NOT_FOUND")


@pytest.mark.parametrize(
    ("start", "minutes", "clash"), [(0, 60, True), (59, 60, True), (-59, 60, True), (10, 20, True), (60, 60, False),
                                    (-60, 60, False)]
)  # fmt: skip
async def test_an_overlapping_future_appointment_is_a_clash(
    world: World, start: int, minutes: int, clash: bool
) -> None:
    crn, referral_id = await referred(world)
    await book(world, crn, referral_id, appointment(tomorrow(world)))
    second = await start_referral(world, crn)
    body = appointment(tomorrow(world) + timedelta(minutes=start), durationInMinutes=minutes)
    reply = await put_appointment(world, crn, second, body)
    if clash:
        refused(reply, 409, "APPOINTMENT_CLASH")
    assert len(await appointments(world, crn)) == (1 if clash else 2)


async def test_two_bookings_at_once_for_one_time_clash(world: World) -> None:
    crn, referral_id = await referred(world)
    bodies = [appointment(tomorrow(world)) for _ in range(4)]
    replies = await asyncio.gather(*(put_appointment(world, crn, referral_id, body) for body in bodies))
    assert sorted(one.status_code for one in replies) == [200, 409, 409, 409]


async def test_an_appointment_with_an_outcome_leaves_its_time_to_others(world: World) -> None:
    crn, referral_id = await referred(world)
    first = appointment(tomorrow(world))
    await book(world, crn, referral_id, first)
    await book(world, crn, referral_id, {**first, "outcome": {"attended": "NO", "didSessionHappen": False}})
    await book(world, crn, referral_id, appointment(tomorrow(world)))
    assert codes(await appointments(world, crn)) == ["AFTA", None]


async def test_past_days_are_recorded_with_their_outcome_however_they_overlap(world: World) -> None:
    crn, referral_id = await referred(world)
    yesterday = world.clock.now() - timedelta(days=1)
    for _ in range(2):
        body = appointment(yesterday, outcome={"attended": "YES", "didSessionHappen": True})
        await book(world, crn, referral_id, body)
    assert codes(await appointments(world, crn)) == ["ATTC", "ATTC"]


@pytest.mark.parametrize(
    ("asked", "outcome"), [("Service Provider", "RSSR"), (None, "RSSR"), ("Person on probation", "RSOF")]
)
async def test_moving_an_appointment_keeps_the_old_one_as_history(
    world: World, asked: str | None, outcome: str
) -> None:
    crn, referral_id = await referred(world)
    first = appointment(tomorrow(world))
    old = await book(world, crn, referral_id, first)
    second = appointment(tomorrow(world) + timedelta(minutes=30), previousId=first["id"], deliusId=old,
                         rescheduleRequestedBy=asked)  # fmt: skip
    new = await book(world, crn, referral_id, second)
    found = await appointments(world, crn)
    assert codes(found) == [outcome, None]
    assert (found[old]["rarActivity"], found[new]["rarActivity"]) == (False, True)
    assert found[old]["externalReference"].endswith(first["id"])
    assert found[new]["externalReference"].endswith(second["id"])
    assert await book(world, crn, referral_id, second) == new
    assert await book(world, crn, referral_id, first) == old
    assert await appointments(world, crn) == found


async def test_another_office_at_the_same_time_moves_the_reference_only(world: World) -> None:
    crn, referral_id = await referred(world)
    first = appointment(tomorrow(world))
    made = await book(world, crn, referral_id, first)
    second = appointment(tomorrow(world), officeLocationCode="CRS0276", previousId=first["id"])
    assert await book(world, crn, referral_id, second) == made
    [only] = (await appointments(world, crn)).values()
    assert (only["locationCode"], only["outcome"]) == ("CRS0276", None)
    assert only["externalReference"].endswith(second["id"])


async def test_another_time_under_the_same_id_leaves_the_reference_to_the_new_one(world: World) -> None:
    crn, referral_id = await referred(world)
    body = appointment(tomorrow(world))
    old = await book(world, crn, referral_id, body)
    new = await book(world, crn, referral_id, {**body, "start": tomorrow(world, 14).isoformat()})
    found = await appointments(world, crn)
    assert codes(found) == ["RSSR", None]
    assert (found[old]["externalReference"], found[new]["externalReference"][-36:]) == (None, body["id"])


async def test_an_appointment_is_found_by_its_contact_id_when_its_reference_is_not_known(world: World) -> None:
    crn, referral_id = await referred(world)
    old = await book(world, crn, referral_id, appointment(tomorrow(world)))
    body = appointment(tomorrow(world, 15), previousId=str(uuid4()), deliusId=old)
    await book(world, crn, referral_id, body)
    assert codes(await appointments(world, crn)) == ["RSSR", None]


async def test_what_has_an_outcome_is_not_taken_back_by_a_later_booking(world: World) -> None:
    crn, referral_id = await referred(world)
    held = appointment(world.clock.now() - timedelta(hours=3), outcome={"attended": "YES", "didSessionHappen": True})
    old = await book(world, crn, referral_id, held)
    await book(world, crn, referral_id, appointment(tomorrow(world), previousId=held["id"], deliusId=old))
    found = await appointments(world, crn)
    assert codes(found) == ["ATTC", None]
    assert (found[old]["rarActivity"], found[old]["externalReference"][-36:]) == (True, held["id"])


async def test_appointments_of_another_referral_and_other_contacts_are_left_alone(world: World) -> None:
    crn, referral_id = await referred(world)
    other = await start_referral(world, crn)
    body = appointment(tomorrow(world))
    theirs = await book(world, crn, other, body)
    opening = next(one["contactId"] for one in await contacts(world, crn) if one["type"]["code"] == "NREF")
    for number, named in enumerate((theirs, opening), 12):
        moved = appointment(tomorrow(world, number), previousId=body["id"], deliusId=named)
        await book(world, crn, referral_id, moved)
    found = await contacts(world, crn)
    assert [one["outcome"] for one in found] == [None] * len(found)
    refused(
        await put_appointment(world, crn, referral_id, {**body, "start": tomorrow(world, 16).isoformat()}),
        409, "REFERENCE_TAKEN",
    )  # fmt: skip
    mine = await book(world, crn, referral_id, appointment(tomorrow(world, 17)))
    taken = appointment(tomorrow(world, 17), deliusId=mine) | {"id": body["id"]}
    refused(await put_appointment(world, crn, referral_id, taken), 409, "REFERENCE_TAKEN")


OUTCOMES = [
    ({"attended": "YES", "didSessionHappen": True}, "ATTC", (True, True), True, 1.0),
    ({"attended": "LATE", "didSessionHappen": True}, "ATTC", (True, True), True, 1.0),
    ({"attended": "YES", "didSessionHappen": True, "notifyProbationPractitionerOfBehaviour": True},
     "AFTC", (True, False), True, None),
    ({"attended": "NO", "didSessionHappen": False}, "AFTA", (False, False), False, None),
    ({"attended": "YES", "didSessionHappen": False, "noSessionReasonType": "POP_UNACCEPTABLE"},
     "AFTC", (True, False), False, None),
    ({"attended": "YES", "didSessionHappen": False, "noSessionReasonType": "POP_ACCEPTABLE"},
     "AFDA", (True, True), False, None),
    ({"attended": "LATE", "didSessionHappen": False, "noSessionReasonType": "LOGISTICS"},
     "ATSS", (True, True), False, None),
    ({"attended": "YES"}, "ATTC", (True, True), True, 1.0),
    ({"attended": "LATE", "notify": True}, "AFTC", (True, False), True, None),
    ({"attended": "NO"}, "AFTA", (False, False), False, None),
]  # fmt: skip


@pytest.mark.parametrize(("feedback", "code", "meaning", "counts", "hours"), OUTCOMES)
async def test_feedback_becomes_an_outcome(
    world: World, feedback: Json, code: str, meaning: tuple[bool, bool], counts: bool, hours: float | None
) -> None:
    crn, referral_id = await referred(world)
    body = appointment(world.clock.now() - timedelta(hours=3), outcome=feedback)
    made = await book(world, crn, referral_id, body)
    found = (await appointments(world, crn))[made]
    assert found["outcome"]["code"] == code
    assert ((found["attended"], found["complied"]), found["rarActivity"]) == (meaning, counts)
    assert found["hoursCredited"] == hours
    complied = meaning[1]
    expected = None if complied else {"action": "ROM", "responseDate": "2024-03-11"}
    assert found["enforcement"] == expected
    follow_ups = [one for one in await contacts(world, crn) if one["linkedContactId"] == made]
    assert [one["type"]["code"] for one in follow_ups] == ([] if complied else ["AROM"])


async def test_hours_are_minutes_in_hundredths_of_an_hour(world: World) -> None:
    crn, referral_id = await referred(world)
    body = appointment(world.clock.now() - timedelta(hours=3), durationInMinutes=50, outcome={"attended": "YES"})
    made = await book(world, crn, referral_id, body)
    assert (await appointments(world, crn))[made]["hoursCredited"] == 0.83


async def conviction(world: World, crn: str) -> Json:
    client = await world.client("probation", roles=[CASE_DETAIL])
    [one] = (await client.get(f"/probation-case/{crn}/convictions")).json()["convictions"]
    found: Json = one
    return found


async def test_failures_on_more_days_than_the_sentence_bears_call_for_one_review(world: World) -> None:
    crn, referral_id = await referred(world)
    missed = {"attended": "NO", "didSessionHappen": False}
    bodies = [
        appointment(world.clock.now() - timedelta(days=days, hours=hours), outcome=missed)
        for days, hours in ((3, 1), (3, 4), (2, 1), (1, 1))
    ]
    for body, failures, reviews in zip(bodies, (1, 1, 2, 3), (0, 0, 1, 1), strict=True):
        await book(world, crn, referral_id, body)
        await book(world, crn, referral_id, body)
        assert (await conviction(world, crn))["failureToComplyCount"] == failures
        types = [one["type"]["code"] for one in await contacts(world, crn)]
        assert types.count("ARWS") == reviews
    assert types.count("AROM") == 4


async def test_a_failure_before_the_sentence_began_does_not_count(world: World) -> None:
    crn, referral_id = await referred(world, sentence=sentence(startDate="2024-03-02"))
    body = appointment(world.clock.now() - timedelta(days=10), outcome={"attended": "NO"})
    await book(world, crn, referral_id, body)
    assert (await conviction(world, crn))["failureToComplyCount"] == 0


async def test_a_failure_that_turns_out_to_be_none_is_counted_no_longer(world: World) -> None:
    crn, referral_id = await referred(world)
    body = appointment(world.clock.now() - timedelta(hours=3), outcome={"attended": "NO"})
    await book(world, crn, referral_id, body)
    assert (await conviction(world, crn))["failureToComplyCount"] == 1
    await book(world, crn, referral_id, {**body, "outcome": {"attended": "YES", "didSessionHappen": True}})
    assert (await conviction(world, crn))["failureToComplyCount"] == 0


async def test_days_of_activity_are_counted_once_each_over_every_referral_of_the_requirement(world: World) -> None:
    crn, referral_id = await referred(world)
    other = await start_referral(world, crn, contract_type="ACC")
    held, missed = {"attended": "YES", "didSessionHappen": True}, {"attended": "NO", "didSessionHappen": False}
    for referral, days, outcome in (
        (referral_id, 1, held), (referral_id, 1, held), (other, 1, held), (other, 2, held), (referral_id, 3, missed),
    ):  # fmt: skip
        body = appointment(world.clock.now() - timedelta(days=days), outcome=outcome)
        await book(world, crn, referral, body)
    assert (await conviction(world, crn))["sentence"]["rarCount"] == 2
