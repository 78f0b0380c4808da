"""The stand-in and a sending service on a database of their own, and their doors: HTTP, TCP, the inbox."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest
import uvicorn
from starlette.responses import JSONResponse

from tests import tokens
from tests.conftest import SECRETS, database_url, drop
from tests.service.notify import sender
from throughcare.kit.clock import Clock, real_now
from throughcare.kit.context import Context
from throughcare.kit.db.install import install
from throughcare.kit.db.migrate import service_dsn
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.pgmq import PgmqBus
from throughcare.kit.notify.keys import ApiKey, derived_key, template_id
from throughcare.kit.topology import Topology
from throughcare.services import notify

START = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)


@dataclass
class Office:
    """Both services, running; business time stands still until a test moves it."""

    host: Host
    dsn: str
    clock: Clock

    def key(self, name: str = "sandbox", service: str = "sandbox") -> ApiKey:
        return derived_key(SECRETS, service, name)

    async def call(self, method: str, path: str, *, key: ApiKey | None = None, **options: Any) -> httpx2.Response:
        """A request to the Notify API with a fresh token of ``key``, by default the sandbox's live one."""
        headers = {"Authorization": f"Bearer {(key or self.key()).token(real_now())}"}
        async with self._client("notify", headers) as client:
            return await client.request(method, path, **options)

    async def email(
        self, to: str = "a@example.test", template: str = "plain", *, key: ApiKey | None = None, **fields: Any
    ) -> httpx2.Response:
        body = {"email_address": to, "template_id": str(template_id(template)), **fields}
        return await self.call("POST", "/v2/notifications/email", key=key, json=body)

    async def inbox(self, method: str = "GET", path: str = "/inbox", **options: Any) -> httpx2.Response:
        """A request with a token of this system that may see the inbox."""
        claims = tokens.client_claims(
            self.clock.now(), iss=self.host.topology.issuer, aud="notify", authorities=["ROLE_NOTIFY__INBOX"]
        )
        async with self._client("notify", {"Authorization": f"Bearer {tokens.sign(claims)}"}) as client:
            return await client.request(method, path, **options)

    async def messages(self, **wanted: str) -> list[dict[str, Any]]:
        reply = await self.inbox(params=wanted)
        assert reply.status_code == 200, reply.text
        found: list[dict[str, Any]] = reply.json()["messages"]
        return found

    async def fault(self, **fault: object) -> None:
        reply = await self.inbox("POST", "/faults", json=fault)
        assert reply.status_code == 201, reply.text

    async def post_receipt(self, body: object, token: str) -> httpx2.Response:
        async with self._client("interventions", {"Authorization": f"Bearer {token}"}) as client:
            return await client.post("/notify/callbacks/delivery", json=body)

    def _client(self, service: str, headers: Mapping[str, str]) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.host.topology.apps[service]), headers=headers,
            base_url=self.host.topology.public_url(service),
        )  # fmt: skip

    def context(self, service: str = "interventions") -> Context:
        return self.host.runtimes[service].context()

    async def drain(self) -> int:
        return await self.host.drain()

    async def fetch(self, statement: str, *values: object) -> list[dict[str, Any]]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    async def request(self, dedupe_key: str) -> dict[str, Any]:
        """The sender's record of a message."""
        rows = await self.fetch("select * from interventions.notification_request where dedupe_key = $1", dedupe_key)
        assert len(rows) == 1
        return rows[0]

    async def make_due(self) -> None:
        """Let waiting messages be tried at once, as if the time of their pause were over."""
        await self.fetch("update interventions.notification_request set next_attempt_at = now()")

    async def history(self, notification_id: UUID | str) -> list[str]:
        reply = await self.inbox(path=f"/inbox/{notification_id}")
        return [one["status"] for one in reply.json()["history"]]


@asynccontextmanager
async def open_office(server: str, environment: str = "test", **settings: str) -> AsyncIterator[Office]:
    """An office whose stand-in has ``settings``, on a fresh database."""
    connection = await asyncpg.connect(server)
    name = f"notify_{new_id().hex}"
    await connection.execute(f"create database {name}")
    await connection.close()
    dsn = database_url(server, name)
    services = [notify.SERVICE, sender.SERVICE]
    await install(dsn, services, SECRETS)

    async def keys(scope: object, receive: object, send: object) -> None:
        await JSONResponse(tokens.jwks(tokens.signing_key()))(scope, receive, send)  # type: ignore[arg-type]

    topology = Topology(
        base_url="http://office.test", database_dsn=lambda one: service_dsn(dsn, one, SECRETS),
        make_bus=lambda: PgmqBus(service_dsn(dsn, "bus", SECRETS), max_connections=4), secrets=SECRETS,
        clock=Clock(settable=True, frozen_at=START), environment=environment, pool_size=4,
        paths={"notify": "/notify", "interventions": "/interventions-service", "auth": "/auth"},
    )  # fmt: skip
    topology.apps["auth"] = keys
    try:
        with pytest.MonkeyPatch.context() as patch:
            for setting, value in settings.items():
                patch.setenv(f"THROUGHCARE_{setting.upper()}", value)
            async with Host(services, topology) as host:
                yield Office(host, dsn, topology.clock)
    finally:
        await drop(server, dsn)


@asynccontextmanager
async def on_tcp(app: Any) -> AsyncIterator[str]:
    """``app`` on a free loopback port; its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=2)
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        running.should_exit = True
        await task
        listening.close()


@pytest.fixture(scope="module")
async def shared_office(server: str) -> AsyncIterator[Office]:
    """One office for a module."""
    async with open_office(server) as opened:
        yield opened


@pytest.fixture
async def office(shared_office: Office) -> Office:
    """The module's office as it was on its first day: no mail, no faults, the clock at its start."""
    shared_office.clock.frozen_at = START
    await shared_office.inbox("DELETE")
    await shared_office.inbox("DELETE", "/faults")
    await shared_office.fetch("truncate interventions.notification_request, interventions.notification_receipt")
    await shared_office.fetch("truncate notify.sent_today")
    return shared_office
