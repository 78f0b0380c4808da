"""The whole system in the test's own process, on a clone of a migrated database, and the doors that tests use."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx2

from throughcare import catalogue
from throughcare.kit.clock import Clock
from throughcare.kit.context import Context
from throughcare.kit.db.migrate import service_dsn
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.pgmq import PgmqBus
from throughcare.kit.service import ClientSpec, Service
from throughcare.kit.settings import Secrets
from throughcare.kit.topology import Topology
from throughcare.seeding.accounts import PASSWORD

START = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)
BASE_URL = "http://throughcare.test"


@dataclass
class World:
    """A running system. Machine clients get exactly the roles that a test names; people sign in as they really do."""

    host: Host
    clock: Clock
    owner_dsn: str
    _clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)
    _tokens: dict[tuple[object, ...], tuple[str, datetime]] = field(default_factory=dict)

    def context(self, service: str) -> Context:
        """A context of a service, for arranging data through its use cases."""
        return self.host.runtimes[service].context()

    def anonymous(self, service: str) -> httpx2.AsyncClient:
        """A client of a service without a token."""
        return self._client(service, None)

    async def client(self, service: str, *, roles: Iterable[str] = (), **claims: Any) -> httpx2.AsyncClient:
        """A client of a service with a machine token that holds exactly ``roles``."""
        return self._client(service, await self.token(service, roles=roles, **claims))

    async def token(self, service: str, *, roles: Iterable[str] = (), client_id: str = "test-client") -> str:
        """A real client-credentials token for ``service``, issued by the system's own auth."""
        wanted = tuple(sorted(roles))
        held = self._tokens.get((service, wanted, client_id))
        if held and held[1] == self.clock.now().replace(second=0, microsecond=0):
            return held[0]
        identity = f"{client_id}-{new_id().hex[:12]}" if client_id == "test-client" else client_id
        spec = ClientSpec(
            identity, "test-secret-" + identity, ("client_credentials",), wanted, tuple(catalogue.PACKAGES)
        )
        from throughcare.services.auth.client import usecases

        await usecases.register_clients(self.context("auth").uow, [spec])
        reply = await self.anonymous("auth").post(
            "/oauth2/token",
            data={"grant_type": "client_credentials", "resource": service},
            auth=(spec.client_id, spec.secret),
        )
        assert reply.status_code == 200, reply.text
        token = str(reply.json()["access_token"])
        self._tokens[service, wanted, client_id] = (token, self.clock.now().replace(second=0, microsecond=0))
        return token

    async def add_accounts(self) -> None:
        """The demonstration accounts, where auth is hosted."""
        auth = self.host.runtimes.get("auth")
        if auth is not None and auth.service.seed is not None:
            await auth.service.seed(auth.context(), [], lambda _: None)

    async def signed_in(self, username: str, service: str) -> httpx2.AsyncClient:
        """A client of a service with the token of a demonstration account, by the whole code flow."""
        return self._client(service, await self.user_token(username))

    async def user_token(self, username: str) -> str:
        """The access token of a demonstration account, by sign-in page and authorisation code with PKCE."""
        from tests.sign_in import sign_in

        return await sign_in(self.anonymous("auth"), self.host.topology, username, PASSWORD)

    def _client(self, service: str, token: str | None) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx2.ASGITransport(self.host.topology.apps[service])
        made = httpx2.AsyncClient(transport=transport, base_url=self.host.topology.public_url(service), headers=headers)
        self._clients[str(new_id())] = made
        return made

    async def drain(self) -> int:
        """Run relays, consumers and workers until everything is quiet."""
        return await self.host.drain()

    async def events(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """The events on record in every service, oldest first, as they go over the wire."""
        found: list[tuple[str, dict[str, Any]]] = []
        for name in self.host.runtimes:
            rows = await self.fetch(
                f"select id, payload from {name}.outbox where $1::text is null or event_type = $1", event_type
            )
            found += [(str(row["id"]), json.loads(row["payload"])) for row in rows]
        return [payload for _, payload in sorted(found, key=lambda pair: pair[0])]

    async def dead_letters(self) -> list[tuple[str, str, str]]:
        """Queue, reason and detail of every dead letter of the system."""
        return [
            (consumer.queue, dead.reason, dead.detail)
            for runtime in self.host.runtimes.values()
            for consumer in runtime.consumers
            for dead in await self.host.bus.dead(consumer.queue)
        ]

    async def fetch(self, statement: str, *values: object) -> list[Mapping[str, Any]]:
        """Rows read as the database's owner, to look behind every service's door."""
        connection = await asyncpg.connect(self.owner_dsn)
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    async def close(self) -> None:
        """Close the clients that were handed out."""
        for client in self._clients.values():
            await client.aclose()


def make_topology(owner_dsn: str, clock: Clock, *, secrets: Secrets) -> Topology:
    """A topology for tests: everything in one process, pgmq on the same database."""
    topology = Topology(
        base_url=BASE_URL,
        database_dsn=lambda name: service_dsn(owner_dsn, name, secrets),
        make_bus=lambda: PgmqBus(service_dsn(owner_dsn, "bus", secrets), max_connections=4),
        secrets=secrets,
        clock=clock,
        environment="test",
        pool_size=2,
    )
    catalogue.describe(topology)
    return topology


@asynccontextmanager
async def hosted(
    owner_dsn: str, services: Iterable[Service], *, secrets: Secrets, work: bool = False, start: datetime = START
) -> AsyncIterator[World]:
    """The given services on a database that was migrated for them."""
    clock = Clock(settable=True)
    clock.set(start)
    topology = make_topology(owner_dsn, clock, secrets=secrets)
    async with Host(list(services), topology, work=work) as host:
        world = World(host, clock, owner_dsn)
        try:
            await world.add_accounts()
            yield world
        finally:
            await world.close()


def hidden_field(page: str, name: str) -> str:
    """The value of a hidden field of a form. Raises AssertionError when there is none."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    assert found is not None, f"no field {name} in the page"
    return found.group(1)


def query_of(url: str) -> dict[str, str]:
    """The query of a URL, one value each."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
