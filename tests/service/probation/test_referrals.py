"""Referrals in the case record: the NSI that mirrors one, from its start over the queue to its end."""

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
    nsi,
    open_case,
    sentence,
    sentence_id,
    start_referral,
    tomorrow,
    types_of_contacts,
)
from tests.service.probation.events import end, publish, refusals
from tests.service.probation.interventions import Interventions
from tests.world import World

OPENING = ["C091", "NCOM", "NREF"]


async def put_referral(world: World, crn: str, **changes: Any) -> httpx2.Response:
    """The answer to the start of a referral."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    body = {
        "referralId": str(uuid4()),
        "startedAt": "2024-03-04T11:30:00Z",
        "contractType": "ETE",
        "sentenceId": await sentence_id(world, crn),
        "notes": "Sent",
        **changes,
    }
    return await client.put(f"/probation-case/{crn}/referrals", json=body)


async def test_a_referral_opens_an_nsi_on_the_requirement_with_three_contacts(world: World) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    found = await nsi(world, crn)
    assert found["nsiType"] == {"code": "CRS02", "description": "CRS Education, Training and Employment"}
    assert found["nsiStatus"] == {"code": "INPROG", "description": "In progress"}
    assert (found["intendedProvider"], found["team"], found["staff"]) == ("CRS", "CRSUAT", "CRSUATU")
    assert found["externalReference"] == f"urn:hmpps:interventions-referral:{referral_id}"
    assert (found["nsiOutcome"], found["actualEndDate"], found["active"]) == (None, None, True)
    assert [one["code"] for one in found["statusHistory"]] == ["INPROG"]
    assert found["requirementId"] is not None
    written = await contacts(world, crn)
    assert sorted(one["type"]["code"] for one in written) == OPENING
    assert {one["nsiId"] for one in written} == {found["nsiId"]}


async def test_without_a_requirement_the_referral_hangs_on_the_sentence_alone(world: World) -> None:
    crn = await open_case(world, sentence=sentence(hasRar=False))
    await start_referral(world, crn)
    found = await nsi(world, crn)
    assert (found["requirementId"], found["sentenceId"]) == (None, await sentence_id(world, crn))


@pytest.mark.parametrize(
    ("contract", "kind"),
    [("ACC", "CRS01"), ("MTR", "CRS03"), ("DNR-NEN", "CRS04"), ("PWB", "CRS05"), ("WOS", "CRS06"), ("WSM", "CRS07"),
     ("FBD-NW", "CRS08")],
)  # fmt: skip
async def test_the_type_of_the_nsi_follows_the_contract(world: World, contract: str, kind: str) -> None:
    crn = await open_case(world)
    await start_referral(world, crn, contract_type=contract)
    assert (await nsi(world, crn))["nsiType"]["code"] == kind


async def test_the_same_referral_again_refreshes_notes_and_start_and_adds_nothing(world: World) -> None:
    crn, referral_id = await open_case(world), str(uuid4())
    assert (await put_referral(world, crn, referralId=referral_id)).status_code == 204
    again = {"referralId": referral_id, "notes": "Sent anew", "startedAt": "2024-03-04T11:45:00+00:00"}
    assert (await put_referral(world, crn, **again)).status_code == 204
    found = await nsi(world, crn)
    assert (found["notes"], found["actualStartDate"]) == ("Sent anew", "2024-03-04T11:45:00Z")
    assert await types_of_contacts(world, crn) == OPENING


async def test_one_referral_sent_many_times_at_once_makes_one_nsi(world: World) -> None:
    crn, referral_id = await open_case(world), str(uuid4())
    replies = await asyncio.gather(*(put_referral(world, crn, referralId=referral_id) for _ in range(8)))
    assert {one.status_code for one in replies} == {204}
    await nsi(world, crn)
    assert await types_of_contacts(world, crn) == OPENING


async def test_a_referral_of_another_case_is_refused_also_when_both_come_at_once(world: World) -> None:
    crns, referral_id = [await open_case(world) for _ in range(3)], str(uuid4())
    replies = await asyncio.gather(*(put_referral(world, crn, referralId=referral_id) for crn in crns))
    assert sorted(one.status_code for one in replies) == [204, 409, 409]
    assert {one.json()["errorCode"] for one in replies if one.status_code == 409} == {"REFERRAL_ELSEWHERE"}
    kept = [crn for crn, reply in zip(crns, replies, strict=True) if reply.status_code == 204]
    for crn in crns:
        assert await types_of_contacts(world, crn) == (OPENING if crn in kept else [])


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"contractType": "XYZ"}, 400, "CONTRACT_TYPE_UNKNOWN"),
        ({"sentenceId": 999_999_999}, 404, "CONVICTION_NOT_FOUND"),
        ({"sentenceId": 2**63}, 400, "INVALID"),
        ({"startedAt": "2024-03-04T11:30:00"}, 400, "INVALID"),
        ({"startedAt": "9999-12-31T23:59:00-12:00"}, 400, "INVALID"),
        ({"startedAt": "0001-01-01T00:00:00+12:00"}, 400, "INVALID"),
        ({"referralId": "1"}, 400, "INVALID"),
    ],
)
async def test_a_referral_that_cannot_be_recorded_leaves_nothing(
    world: World, changes: dict[str, object], status: int, code: str
) -> None:
    crn = await open_case(world)
    reply = await put_referral(world, crn, **changes)
    assert (reply.status_code, reply.json()["errorCode"]) == (status, code)
    assert await types_of_contacts(world, crn) == []


async def test_a_sentence_of_somebody_else_is_not_found(world: World) -> None:
    crn, other = await open_case(world), await open_case(world)
    reply = await put_referral(world, crn, sentenceId=await sentence_id(world, other))
    assert (reply.status_code, reply.json()["errorCode"]) == (404, "CONVICTION_NOT_FOUND")


@pytest.mark.parametrize(
    ("state", "outcome"), [("CANCELLED", "CRS01"), ("PREMATURELY_ENDED", "CRS02"), ("COMPLETED", "CRS03")]
)
async def test_the_end_of_a_referral_completes_its_nsi(
    world: World, interventions: Interventions, state: str, outcome: str
) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    over = world.clock.now() - timedelta(minutes=5)
    interventions.ended(referral_id, concludedAt=over.isoformat())
    await end(world, crn, referral_id, state)
    await world.drain()
    found = await nsi(world, crn)
    assert (found["nsiStatus"]["code"], found["nsiOutcome"]["code"], found["active"]) == ("COMP", outcome, False)
    assert found["actualEndDate"] == found["statusDateTime"] == over.isoformat().replace("+00:00", "Z")
    assert [one["code"] for one in found["statusHistory"]] == ["INPROG", "COMP"]
    assert found["notes"].startswith("Sent\n\nReferral ended: Education referral AB1234ED with Achieve\n")
    assert await types_of_contacts(world, crn) == sorted([*OPENING, "C092", "NTER"])


async def test_what_comes_after_the_end_is_withdrawn_and_what_began_before_is_left(
    world: World, interventions: Interventions
) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    later_today = world.clock.now() + timedelta(hours=2)
    before = await book(world, crn, referral_id, appointment(world.clock.now() + timedelta(minutes=30)))
    after = await book(world, crn, referral_id, appointment(later_today))
    await book(world, crn, referral_id, appointment(tomorrow(world)))
    interventions.ended(referral_id, endRequestedAt=(world.clock.now() + timedelta(hours=1)).isoformat())
    await end(world, crn, referral_id, "CANCELLED")
    await world.drain()
    outcomes = {
        one["contactId"]: one["outcome"] and one["outcome"]["code"]
        for one in await contacts(world, crn)
        if one["type"]["code"] == "CRSAPT"
    }
    assert outcomes.pop(before) is None
    assert outcomes.pop(after) == "APPW"
    assert list(outcomes.values()) == ["APPW"]


async def test_withdrawn_appointments_no_longer_count_towards_the_requirement(
    world: World, interventions: Interventions
) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    await book(world, crn, referral_id, appointment(tomorrow(world)))
    past = appointment(world.clock.now() - timedelta(hours=3), outcome={"attended": "YES", "didSessionHappen": True})
    await book(world, crn, referral_id, past)
    assert await rar_count(world, crn) == 2
    interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    await end(world, crn, referral_id)
    await world.drain()
    assert await rar_count(world, crn) == 1


async def rar_count(world: World, crn: str) -> int:
    """The days of rehabilitation activity of the case's only sentence."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    [one] = (await client.get(f"/probation-case/{crn}/convictions")).json()["convictions"]
    return int(one["sentence"]["rarCount"])


async def test_the_end_told_twice_and_again_has_one_effect(world: World, interventions: Interventions) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    event_id = await end(world, crn, referral_id)
    await world.drain()
    once = await nsi(world, crn), await contacts(world, crn)
    await publish_again(world, crn, referral_id, event_id)
    assert (await nsi(world, crn), await contacts(world, crn)) == once


async def publish_again(world: World, crn: str, referral_id: str, event_id: str) -> None:
    """The very event once more, and two further ones that say the same."""
    await publish(
        world, "intervention.referral.ended", crn, event_id=event_id, deliveryState="COMPLETED", referralId=referral_id
    )
    await asyncio.gather(end(world, crn, referral_id), end(world, crn, referral_id))
    await world.drain()


async def test_a_report_that_follows_the_end_is_noted_once(world: World, interventions: Interventions) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    over = world.clock.now()
    interventions.ended(referral_id, endRequestedAt=over.isoformat())
    await end(world, crn, referral_id, "PREMATURELY_ENDED", withdrawalCode="MOV")
    await world.drain()
    report = {"submittedAt": (over + timedelta(days=1)).isoformat()}
    interventions.ended(referral_id, endRequestedAt=over.isoformat(), endOfServiceReport=report)
    for _ in range(2):
        await end(world, crn, referral_id, "PREMATURELY_ENDED", withdrawalCode="MOV")
        await world.drain()
    [note] = [one for one in await contacts(world, crn) if one["type"]["code"] == "CRSNOTE"]
    assert note["notes"].startswith("End-of-service report submitted: Education referral AB1234ED with Achieve\n")
    assert note["date"] == "2024-03-05"
    assert (await nsi(world, crn))["nsiOutcome"]["code"] == "CRS02"


async def test_starting_anew_what_is_over_neither_reopens_nor_rewrites_it(
    world: World, interventions: Interventions
) -> None:
    crn, referral_id = await open_case(world), str(uuid4())
    await put_referral(world, crn, referralId=referral_id)
    interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    await end(world, crn, referral_id)
    await asyncio.gather(world.drain(), *(put_referral(world, crn, referralId=referral_id) for _ in range(4)))
    over = await nsi(world, crn)
    assert over["nsiStatus"]["code"] == "COMP"
    assert (await put_referral(world, crn, referralId=referral_id, notes="Late")).status_code == 204
    assert await nsi(world, crn) == over
    assert await types_of_contacts(world, crn) == sorted([*OPENING, "C092", "NTER"])


async def test_another_end_than_before_leaves_its_own_trace(world: World, interventions: Interventions) -> None:
    crn = await open_case(world)
    referral_id = await start_referral(world, crn)
    interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    for state in ("CANCELLED", "COMPLETED"):
        await end(world, crn, referral_id, state)
        await world.drain()
    assert (await nsi(world, crn))["nsiOutcome"]["code"] == "CRS03"
    notes = [one["notes"] for one in await contacts(world, crn) if one["type"]["code"] == "NTER"]
    assert notes == ["NSI terminated: CRS Referral Cancelled", "NSI terminated: CRS Intervention Completed"]


async def test_an_end_that_can_never_be_recorded_is_refused_at_once(world: World, interventions: Interventions) -> None:
    crn, known, before = await open_case(world), str(uuid4()), len(await refusals(world))
    unmirrored, open_ended = str(uuid4()), await start_referral(world, crn)
    for referral_id in (known, unmirrored):
        interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    interventions.ended(open_ended)
    await end(world, "X000404", known)
    await end(world, crn, unmirrored)
    await end(world, crn, open_ended)
    await end(world, crn, str(uuid4()))
    await end(world, crn, known, "PAUSED")
    await end(world, crn, "no-uuid")
    await world.drain()
    found = (await refusals(world))[before:]
    assert {reason for reason, _ in found} == {"permanent"}
    assert sorted(detail for _, detail in found) == sorted([
        "CASE_NOT_FOUND", "REFERRAL_NOT_FOUND", "ValidationError at referral_id", "the referral has no end",
        "the interventions service has no such referral", "the delivery state is not known",
    ])  # fmt: skip


async def test_while_interventions_do_not_answer_the_end_is_tried_again(
    world: World, interventions: Interventions
) -> None:
    crn, before = await open_case(world), len(await refusals(world))
    referral_id = await start_referral(world, crn)
    interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    interventions.down = True
    await end(world, crn, referral_id)
    consumer = world.host.runtimes["probation"].consumers[0]
    assert await consumer.step() == 1
    assert (await nsi(world, crn))["nsiStatus"]["code"] == "INPROG"
    interventions.down = False
    world.host.runtimes["probation"].gateway.breaker("interventions").succeeded()
    await world.drain()
    assert (await nsi(world, crn))["nsiStatus"]["code"] == "COMP"
    assert len(await refusals(world)) == before
