"""What the case record notes of action plans."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.service.probation.cases import contacts, open_case, start_referral
from tests.service.probation.events import publish, refusals
from tests.world import World

SUBMITTED, APPROVED = "intervention.action-plan.submitted", "intervention.action-plan.approved"


async def announce(
    world: World, kind: str, crn: str, referral_id: str, *, at: datetime | None = None, **changes: Any
) -> str:
    """Announce what happened to an action plan; the event's id."""
    information = {
        "actionPlanId": str(uuid4()), "submittedBy": "ALEX.RIVERS@PROVIDER.EXAMPLE.TEST", "referralId": referral_id,
        "referralReference": "AB1234ED", "contractTypeName": "Education", "primeProviderName": "Achieve",
        "actionPlanProbationUserUrl": "http://throughcare.test/probation-practitioner/referrals/1/action-plan",
        **changes,
    }  # fmt: skip
    return await publish(world, kind, crn, at=at, **information)


async def notes(world: World, crn: str) -> list[dict[str, Any]]:
    """The notifications of the case, oldest first."""
    return [one for one in await contacts(world, crn) if one["type"]["code"] == "CRSNOTE"]


async def test_a_plan_leaves_a_note_on_submission_and_on_approval(world: World) -> None:
    crn = await open_case(world)
    referral_id, at = await start_referral(world, crn), world.clock.now()
    await announce(world, APPROVED, crn, referral_id, at=at)
    await announce(world, SUBMITTED, crn, referral_id, at=at - timedelta(minutes=1))
    await world.drain()
    submitted, approved = await notes(world, crn)
    page = "http://throughcare.test/probation-practitioner/referrals/1/action-plan"
    assert submitted["notes"] == f"Action plan submitted: Education referral AB1234ED with Achieve\n{page}"
    assert approved["notes"] == f"Action plan approved: Education referral AB1234ED with Achieve\n{page}"
    assert datetime.fromisoformat(approved["startTime"]) == at
    assert submitted["nsiId"] == approved["nsiId"]


async def test_one_note_a_day_of_each_kind_however_often_it_is_told(world: World) -> None:
    crn = await open_case(world)
    referral_id, at = await start_referral(world, crn), world.clock.now()
    await asyncio.gather(*(announce(world, SUBMITTED, crn, referral_id, at=at) for _ in range(4)))
    event_id = await announce(world, SUBMITTED, crn, referral_id, at=at + timedelta(days=1))
    await publish(world, SUBMITTED, crn, event_id=event_id, referralId=referral_id)
    await world.drain()
    assert [one["date"] for one in await notes(world, crn)] == ["2024-03-04", "2024-03-05"]


async def test_two_referrals_have_each_their_own_note(world: World) -> None:
    crn = await open_case(world)
    for contract in ("ETE", "ACC"):
        await announce(world, SUBMITTED, crn, await start_referral(world, crn, contract_type=contract))
    await world.drain()
    assert len({one["nsiId"] for one in await notes(world, crn)}) == 2


async def test_a_plan_of_an_unknown_case_or_referral_is_refused_at_once(world: World) -> None:
    crn, before = await open_case(world), len(await refusals(world))
    await announce(world, SUBMITTED, "X000404", str(uuid4()))
    await announce(world, APPROVED, crn, str(uuid4()))
    await world.drain()
    found = (await refusals(world))[before:]
    assert sorted(found) == [("permanent", "CASE_NOT_FOUND"), ("permanent", "REFERRAL_NOT_FOUND")]
    assert await notes(world, crn) == []
