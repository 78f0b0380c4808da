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


CAPACITY = "/v1/prison/{prisonId}/capacity"
KEEPER = "ROLE_INTEGRATION__CONSUMERS__RW"

_prisons = count()


async def registered(world: World, name: str, **body: Any) -> dict[str, Any]:
    """Register a consumer that by itself may see how much room every prison has; the answer."""
    keepers = await world.client("integration", roles=[KEEPER])
    reply = await keepers.put(f"/v1/consumers/{name}", json={"include": [CAPACITY], **body})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def suspended(world: World, name: str, whether: bool) -> None:
    """Hold what is for a consumer, or let it go."""
    keepers = await world.client("integration", roles=[KEEPER])
    reply = await keepers.put(f"/v1/consumers/{name}/suspension", json={"suspended": whether})
    assert reply.status_code == 200, reply.text


def prison() -> str:
    """The code of a prison that no other change was about."""
    number = next(_prisons)
    return "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0)) + "X"


async def room_changed(world: World, *codes: str) -> None:
    """Tell of each prison that its capacity changed; nobody has to be looked up for that."""
    for code in codes:
        await publish(world, "location.inside.prison.signed-op-cap.amended", key=code)


async def consumer_state(world: World, name: str) -> dict[str, Any]:
    """What operators see of a consumer."""
    found: dict[str, Any] = (await (await operators(world)).get(f"/v1/consumers/{name}")).json()
    return found


async def feed(world: World, consumer: str, **params: Any) -> httpx2.Response:
    """A page of a consumer's feed."""
    client = await world.client("integration", roles=["ROLE_INTEGRATION__CONSUMER"], client_id=consumer)
    return await client.get("/v1/events", params=params)


def prisons_of(messages: list[dict[str, Any]]) -> list[str]:
    """The prisons that messages are about."""
    return [str(one["prisonId"]) for one in messages]
