"""What each request and each event costs the database, in statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.service.probation.cases import (
    EVERY_ROLE,
    MANAGER,
    appointment,
    book,
    noms_number,
    open_case,
    sentence_id,
    start_referral,
    tomorrow,
)
from tests.service.probation.events import end, feedback, publish
from tests.service.probation.interventions import Interventions, appointment_with
from tests.statements import recorded
from tests.world import World

HELD, MISSED = {"attended": "YES", "didSessionHappen": True}, {"attended": "NO", "didSessionHappen": False}


async def cost(world: World, method: str, path: str, **options: Any) -> int:
    """The statements of one request that succeeds."""
    client = await world.client("probation", roles=[*EVERY_ROLE, "ROLE_PROBATION_API__ARNS__USER_ACCESS"])
    with recorded(world, "probation") as noted:
        reply = await client.request(method, path, **options)
    assert reply.is_success, reply.text
    return len(noted)


async def cost_of_next_event(world: World) -> int:
    """The statements of the queue's only event, the inbox's among them."""
    with recorded(world, "probation") as noted:
        assert await world.host.runtimes["probation"].consumers[0].step() == 1
    return len(noted)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/probation-case/{crn}/details", 3),
        ("/probation-case/{crn}/identifiers", 1),
        ("/probation-case/{crn}/responsible-officer", 2),
        ("/probation-case/{crn}/convictions", 2),
        ("/probation-case/{crn}/registrations", 2),
        ("/probation-case/{crn}/nsis", 3),
        ("/probation-case/{crn}/contacts", 3),
        ("/case/{crn}/access-limitations", 1),
        ("/exists-in-delius/crn/{crn}", 1),
        ("/identifier-converter/noms-to-crn/{noms}", 1),
        (f"/users/{MANAGER}/managed-cases", 2),
        (f"/users/{MANAGER}/details", 1),
        ("/office-locations", 0),
        ("/probation-delivery-units", 0),
    ],
)
async def test_a_read_costs_the_same_however_much_is_on_record(world: World, path: str, expected: int) -> None:
    noms = noms_number()
    crn = await open_case(world, nomsNumber=noms)
    for contract in ("ETE", "ACC"):
        referral_id = await start_referral(world, crn, contract_type=contract)
        await book(world, crn, referral_id, appointment(tomorrow(world, 10 if contract == "ETE" else 14)))
    assert await cost(world, "GET", path.format(crn=crn, noms=noms)) == expected


async def test_access_to_many_cases_costs_one_statement_and_two_for_who_is_not_named(world: World) -> None:
    crns = [await open_case(world) for _ in range(5)]
    path = f"/users/{MANAGER}/access"
    assert await cost(world, "POST", path, json=crns) == 1
    limits = {"excludedFrom": ["HANIFA.OYELARAN"]}
    for crn in crns:
        await cost(world, "PUT", f"/probation-case/{crn}/access-limitations", json=limits)
    assert await cost(world, "POST", path, json=crns) == 2
    assert await cost(world, "POST", "/probation-cases/access", json={"crns": crns}) == 1


async def test_writes_of_a_case(world: World) -> None:
    await open_case(world)
    body = {"name": {"forename": "A", "surname": "B"}, "dateOfBirth": "1980-01-01", "gender": "Male",
            "crn": "X999003", "nomsNumber": noms_number(), "managerUsername": MANAGER}  # fmt: skip
    assert await cost(world, "POST", "/probation-cases", json=body) == 4
    assert await cost(world, "POST", "/search/probation-cases", json={"crn": "X999003"}) == 1
    case = "/probation-case/X999003"
    assert await cost(world, "PUT", f"{case}/access-limitations", json={"excludedFrom": [MANAGER]}) == 5
    assert await cost(world, "PUT", f"{case}/community-manager", json={"username": MANAGER}) == 3
    assert await cost(world, "POST", f"{case}/registrations", json={"typeCode": "RVHR"}) == 5


async def test_writes_of_a_referral(world: World) -> None:
    crn = await open_case(world)
    path = f"/probation-case/{crn}/referrals"
    start = {"referralId": str(uuid4()), "startedAt": "2024-03-04T11:30:00Z", "contractType": "ETE",
             "sentenceId": await sentence_id(world, crn)}  # fmt: skip
    assert await cost(world, "PUT", path, json=start) == 7
    assert await cost(world, "PUT", path, json=start) == 2
    appointments = f"{path}/{start['referralId']}/appointments"
    body = appointment(tomorrow(world))
    assert await cost(world, "PUT", appointments, json=body) == 5
    assert await cost(world, "PUT", appointments, json=body) == 4
    moved = appointment(tomorrow(world, 15), previousId=body["id"])
    assert await cost(world, "PUT", appointments, json=moved) == 7
    held = appointment(world.clock.now() - timedelta(hours=3), outcome=HELD)
    assert await cost(world, "PUT", appointments, json=held) == 8
    missed = appointment(world.clock.now() - timedelta(hours=6), outcome=MISSED)
    assert await cost(world, "PUT", appointments, json=missed) == 14


async def test_events_of_a_referral(world: World, interventions: Interventions) -> None:
    crn = await open_case(world)
    referral_id, body = await start_referral(world, crn), appointment(tomorrow(world))
    contact_id = await book(world, crn, referral_id, body)
    await world.drain()
    await publish(world, "intervention.action-plan.submitted", crn, referralId=referral_id)
    assert await cost_of_next_event(world) == 5
    interventions.session(referral_id, 1, appointment_with(body["id"], "yes", at=tomorrow(world, 12)))
    await feedback(world, crn, referral_id, deliusAppointmentId=str(contact_id))
    assert await cost_of_next_event(world) == 9
    interventions.ended(referral_id, concludedAt=world.clock.now().isoformat())
    event_id = await end(world, crn, referral_id)
    assert await cost_of_next_event(world) == 7
    await publish(world, "intervention.referral.ended", crn, event_id=event_id, deliveryState="COMPLETED",
                  referralId=referral_id)  # fmt: skip
    assert await cost_of_next_event(world) == 1


async def test_events_of_custody(world: World) -> None:
    noms = noms_number()
    await open_case(world, nomsNumber=noms)
    await world.drain()
    await publish(world, "prisoner-offender-search.prisoner.received", nomsNumber=noms, reason="NEW_ADMISSION",
                  prisonId="LEI")  # fmt: skip
    assert await cost_of_next_event(world) == 7
    await publish(world, "prisoner-offender-search.prisoner.released", nomsNumber=noms, reason="SENT_TO_COURT")
    assert await cost_of_next_event(world) == 1
    await publish(world, "prisoner-offender-search.prisoner.released", nomsNumber="A9999ZY", reason="RELEASED")
    assert await cost_of_next_event(world) == 2
