"""The sample service on a database of its own, its tokens signed by a key of the test."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass

import asyncpg
import httpx2
import pytest
from starlette.responses import JSONResponse

from tests import sample, tokens
from tests.conftest import SECRETS, database_url, drop
from throughcare.kit.clock import Clock
from throughcare.kit.db.install import install
from throughcare.kit.db.migrate import service_dsn
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.pgmq import PgmqBus
from throughcare.kit.runtime import Runtime
from throughcare.kit.telemetry import lines
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.topology import Topology


@dataclass
class Small:
    """The sample service, running."""

    host: Host
    dsn: str
    make: Callable[[], Topology]

    @property
    def runtime(self) -> Runtime:
        return self.host.runtimes["sample"]

    def client(
        self, *roles: str, anonymous: bool = False, claims: Mapping[str, object] | None = None
    ) -> httpx2.AsyncClient:
        """A client with a machine token that holds ``roles``, or with one of which ``claims`` differ."""
        usual = tokens.client_claims(
            self.host.topology.clock.now(), iss=self.host.topology.issuer, aud="sample", authorities=list(roles)
        )
        signed = tokens.sign(usual | dict(claims or {}))
        headers = {} if anonymous else {"Authorization": f"Bearer {signed}"}
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.host.app, raise_app_exceptions=False),
            base_url="http://kit.test/sample", headers=headers,
        )  # fmt: skip

    async def fetch(self, statement: str, *values: object) -> list[dict[str, object]]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()


@pytest.fixture(scope="module")
async def small(server: str) -> AsyncIterator[Small]:
    connection = await asyncpg.connect(server)
    name = f"kit_{new_id().hex}"
    await connection.execute(f"create database {name}")
    await connection.close()
    dsn = database_url(server, name)
    await install(dsn, [sample.SERVICE], SECRETS)

    async def keys(scope: object, receive: object, send: object) -> None:
        await JSONResponse(tokens.jwks(tokens.signing_key()))(scope, receive, send)  # type: ignore[arg-type]

    def make() -> Topology:
        topology = Topology(
            base_url="http://kit.test", database_dsn=lambda one: service_dsn(dsn, one, SECRETS),
            make_bus=lambda: PgmqBus(service_dsn(dsn, "bus", SECRETS), max_connections=4), secrets=SECRETS,
            clock=Clock(settable=True), environment="test", paths={"sample": "/sample", "auth": "/auth"}, pool_size=3,
        )  # fmt: skip
        topology.apps["auth"] = keys
        return topology

    async with Host([sample.SERVICE], make()) as host:
        yield Small(host, dsn, make)
    await drop(server, dsn)


@pytest.fixture
def log_lines() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Answers the lines that were logged since the test began, as JSON objects."""
    stream, root = io.StringIO(), logging.getLogger()
    output, handlers, level = lines.SINK.output, tuple(root.handlers), root.level
    configure_logging(service="kit", version="dev", environment="test", stream=stream)
    yield lambda: [json.loads(one) for one in stream.getvalue().splitlines()]
    lines.SINK.output = output
    root.handlers[:] = handlers
    root.setLevel(level)
