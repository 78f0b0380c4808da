"""Arranging domain events, and looking at what consumers were told."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import httpx2

from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing

CASES = "ROLE_PROBATION_API__CASES__RW"

_numbers = count()


async def operators(world: World) -> httpx2.AsyncClient:
    """A client of those who look after the service."""
    return await world.client("integration", roles=["ROLE_CONSOLE__RO"])


async def opened_case(world: World, **changes: Any) -> str:
    """The CRN of a new case, by itself of somebody whom no prison knows."""
    number = next(_numbers)
    probation = await world.client("probation", roles=[CASES])
    case = {
        "name": {"forename": "Ash", "surname": f"Tell{chr(97 + number // 26)}{chr(97 + number % 26)}"},
        "dateOfBirth": "1990-01-02",
        "gender": "Male",
        "managerUsername": "BERNARD.BEAKS",
        **changes,
    }
    reply = await probation.post("/probation-cases", json=case)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["crn"])


async def publish(
    world: World, event_type: str, *, crn: str | None = None, noms: str | None = None, **information: Any
) -> str:
    """Put a domain event on the topic; its id."""
    event_id = str(new_id())
    known = [{"type": kind, "value": value} for kind, value in (("CRN", crn), ("NOMS", noms)) if value]
    body = {
        "eventType": event_type,
        "version": 1,
        "occurredAt": world.clock.now().isoformat(),
        "eventId": event_id,
        "personReference": {"identifiers": known},
        "additionalInformation": information,
    }
    message = Outgoing(event_id, json.dumps(body), {"eventType": event_type})
    assert all(one.ok for one in await world.host.bus.publish("domain_events", [message]))
    return event_id


async def told(world: World, consumer: str) -> list[dict[str, Any]]:
    """What a consumer finds on its queue over HTTP, acknowledged."""
    client = await world.client("integration", roles=["ROLE_INTEGRATION__CONSUMER"], client_id=consumer)
    found = []
    while messages := (await client.get("/v1/queue/messages", params={"limit": 100})).json()["messages"]:
        for one in messages:
            envelope = json.loads(one["body"])
            found.append(json.loads(envelope["Message"]))
            assert (await client.delete(f"/v1/queue/messages/{one['receipt']}")).status_code == 204
    return found


async def after_the_window(world: World) -> None:
    """Handle what waits, pass the five minutes, and send."""
    await world.drain()
    world.clock.advance(timedelta(minutes=6))
    await world.drain()


async def notifications(world: World, hmpps_id: str) -> list[dict[str, Any]]:
    """What operators see about a person."""
    client = await operators(world)
    reply = await client.get("/v1/notifications", params={"hmppsId": hmpps_id})
    found: list[dict[str, Any]] = reply.json()["notifications"]
    return found
