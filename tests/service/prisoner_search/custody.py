"""Changes people in prison through its doors, and reads what the index holds and tells of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx2

from tests.conftest import SECRETS
from tests.service.prison.prisoners import NAME, Prison
from tests.world import World, hosted
from throughcare import catalogue
from throughcare.kit.messaging.bus import Outgoing
from throughcare.kit.messaging.envelope import DOMAIN_EVENTS

QUEUE = "prisoner_search_domain_events"
OURS = "prisoner-offender-search.prisoner."
READER_ROLES = ("ROLE_PRISONER_SEARCH", "ROLE_PRISONER_INDEX")


@dataclass
class Custody:
    """Prison and prisoner search of one world."""

    world: World
    prison: Prison
    search: httpx2.AsyncClient

    @classmethod
    async def of(cls, world: World) -> Self:
        """Clients that may do everything at both services."""
        return cls(world, await Prison.of(world), await world.client("prisoner_search", roles=READER_ROLES))

    async def person(self, **changes: Any) -> str:
        """The number of a new person who was indexed."""
        number = await self.prison.person(**changes)
        await self.world.drain()
        return number

    async def prisoner(self, *, admission: dict[str, Any] | None = None, **changes: Any) -> str:
        """The number of a new person who was admitted and indexed."""
        number = await self.prison.person(**changes)
        await self.prison.move(number, "admit", **(admission or {}))
        await self.world.drain()
        return number

    async def move(self, number: str, how: str, **body: Any) -> None:
        """Move somebody and let the index follow."""
        await self.prison.move(number, how, **body)
        await self.world.drain()

    async def identify(self, number: str, kind: str, value: str) -> None:
        """Give somebody an identifier and let the index follow."""
        body = [{"identifierType": kind, "identifier": value}]
        reply = await self.prison.client.post(f"/api/offenders/{number}/offender-identifiers", json=body)
        assert reply.status_code == 201, reply.text
        await self.world.drain()

    async def name(self, number: str, **changes: Any) -> None:
        """Give somebody another name and let the index follow."""
        reply = await self.prison.client.post(f"/api/offenders/{number}/aliases", json={**NAME, **changes})
        assert reply.status_code == 201, reply.text
        await self.world.drain()

    async def alert(self, number: str, code: str, **body: Any) -> str:
        """Give somebody an alert and let the index follow; the alert's id."""
        reply = await self.prison.client.post(f"/prisoners/{number}/alerts", json={"alertCode": code, **body})
        assert reply.status_code == 201, reply.text
        await self.world.drain()
        return str(reply.json()["alertUuid"])

    async def document(self, number: str) -> dict[str, Any]:
        """What the index answers about somebody."""
        reply = await self.search.get(f"/prisoner/{number}")
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    async def events(self, number: str) -> list[dict[str, Any]]:
        """What the index told of somebody, oldest first."""
        ours = [one for one in await self.world.events() if one["eventType"].startswith(OURS)]
        return [one for one in ours if one["additionalInformation"]["nomsNumber"] == number]

    async def told(self, number: str) -> list[tuple[str, dict[str, Any]]]:
        """The last word of each of these events, and what it says beside the number."""
        return [
            (
                one["eventType"].removeprefix(OURS),
                {name: value for name, value in one["additionalInformation"].items() if name != "nomsNumber"},
            )
            for one in await self.events(number)
        ]

    async def moves(self, number: str) -> list[tuple[str, str, str]]:
        """Every coming and going that was told of somebody: which, why, and the prison."""
        told = [(kind, facts) for kind, facts in await self.told(number) if kind in {"received", "released"}]
        return [(kind, str(facts["reason"]), str(facts["prisonId"])) for kind, facts in told]

    async def found(self, path: str, body: dict[str, Any], **query: Any) -> list[str]:
        """The numbers of those whom a search finds, in the order of its answer."""
        reply = await self.search.post(path, json=body, params=query)
        assert reply.status_code == 200, reply.text
        answer = reply.json()
        entries = answer if isinstance(answer, list) else answer.get("content", answer.get("matches"))
        return [str(one.get("prisoner", one)["prisonerNumber"]) for one in entries]

    async def make_due(self) -> None:
        """Let messages that wait for another try be received at once."""
        await self.world.fetch(f"update pgmq.q_{QUEUE} set vt = now() returning 1")


async def publish(world: World, events: Sequence[Mapping[str, Any]]) -> None:
    """Put events on the topic as they are, in this order."""
    messages = [
        Outgoing(str(place), json.dumps(one), {"eventType": str(one["eventType"])}) for place, one in enumerate(events)
    ]
    await world.host.bus.publish(DOMAIN_EVENTS, messages)


@asynccontextmanager
async def hosting(database: str) -> AsyncIterator[World]:
    """Auth, prison and prisoner search on a database."""
    services = catalogue.services(["auth", "prison", "prisoner_search"])
    async with hosted(database, services, secrets=SECRETS) as world:
        yield world
