"""Cases for the tests of the probation case record, opened through its own doors."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx2

from tests.world import World

CASES = "ROLE_PROBATION_API__CASES__RW"
CASE_DETAIL = "ROLE_PROBATION_API__REFER_AND_MONITOR__CASE_DETAIL__RW"
HMPPS_API = "ROLE_PROBATION_API__HMPPS_API__CASE_DETAIL"
EVERY_ROLE = (CASES, CASE_DETAIL, HMPPS_API)
MANAGER = "BERNARD.BEAKS"

_numbers = count(1)


def noms_number() -> str:
    """A NOMS number that no other test has."""
    return f"A{next(_numbers):04}ZZ"


def sentence(**changes: Any) -> dict[str, Any]:
    """A community order with a rehabilitation activity requirement."""
    return {
        "description": "ORA Community Order",
        "startDate": "2024-01-15",
        "expectedEndDate": "2025-01-14",
        "mainOffence": {"category": "Theft", "subCategory": "Shoplifting"},
        "hasRar": True,
        **changes,
    }


async def open_case(world: World, **changes: Any) -> str:
    """The CRN of a new case."""
    body = {
        "name": {"forename": "Jo", "surname": "Bloggs"},
        "dateOfBirth": "1990-02-03",
        "gender": "Female",
        "sentence": sentence(),
        "managerUsername": MANAGER,
        **changes,
    }
    client = await world.client("probation", roles=[CASES])
    reply = await client.post("/probation-cases", json=body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["crn"])


async def sentence_id(world: World, crn: str) -> int:
    """The id of the case's only sentence."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    convictions = (await client.get(f"/probation-case/{crn}/convictions")).json()["convictions"]
    return int(convictions[0]["id"])


async def start_referral(world: World, crn: str, *, contract_type: str = "ETE") -> str:
    """The id of a referral that the case record mirrors."""
    referral_id = str(uuid4())
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.put(
        f"/probation-case/{crn}/referrals",
        json={
            "referralId": referral_id,
            "startedAt": world.clock.now().isoformat(),
            "contractType": contract_type,
            "sentenceId": await sentence_id(world, crn),
            "notes": "Sent",
        },
    )
    assert reply.status_code == 204, reply.text
    return referral_id


async def put_appointment(world: World, crn: str, referral_id: str, body: dict[str, Any]) -> httpx2.Response:
    """The answer to an appointment that is booked, moved or given an outcome."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    return await client.put(f"/probation-case/{crn}/referrals/{referral_id}/appointments", json=body)


async def book(world: World, crn: str, referral_id: str, body: dict[str, Any]) -> int:
    """The contact id of an appointment that is booked, moved or given an outcome."""
    reply = await put_appointment(world, crn, referral_id, body)
    assert reply.status_code == 200, reply.text
    return int(reply.json()["appointmentId"])


def appointment(start: datetime, **changes: Any) -> dict[str, Any]:
    """An hour of delivery that counts towards the requirement."""
    return {
        "id": str(uuid4()),
        "referralReference": "AB1234ED",
        "start": start.isoformat(),
        "durationInMinutes": 60,
        "notes": "Service delivery appointment",
        "officeLocationCode": "CRSEXTL",
        "countsTowardsRar": True,
        **changes,
    }


def tomorrow(world: World, hour: int = 10) -> datetime:
    """An hour of tomorrow in UTC."""
    day = world.clock.now() + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


async def contacts(world: World, crn: str) -> list[dict[str, Any]]:
    """Every contact of the case, oldest first."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    reply = await client.get(f"/probation-case/{crn}/contacts", params={"size": 200})
    assert reply.status_code == 200, reply.text
    return list(reversed(reply.json()["content"]))


async def types_of_contacts(world: World, crn: str) -> list[str]:
    """The type codes of the case's contacts, sorted."""
    return sorted(one["type"]["code"] for one in await contacts(world, crn))


async def nsi(world: World, crn: str) -> dict[str, Any]:
    """The case's only NSI."""
    client = await world.client("probation", roles=[CASE_DETAIL])
    found = (await client.get(f"/probation-case/{crn}/nsis")).json()
    assert len(found) == 1
    return dict(found[0])
