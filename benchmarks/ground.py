"""The ground on which everything is measured: a new PostgreSQL with the settings of ``up``, and services on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2
from tests import sample

from throughcare.cli import system
from throughcare.kit.db import shared_clock
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.db.install import install
from throughcare.kit.host import Host
from throughcare.kit.service import ClientSpec, Service
from throughcare.kit.settings import PlatformSettings, Secrets
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.telemetry.traces import configure_tracing
from throughcare.kit.topology import Topology

BASE_URL = "http://localhost"
ROOT = Path(__file__).resolve().parents[1]
SAMPLE = sample.SERVICE
SECRETS = Secrets("the secret of the measurements")
GIVEN = PlatformSettings(environment="dev", bus="pgmq", database_url=None, secret=None, peer_urls={})
CLIENT = "benchmarks"
ROLES = (
    "ROLE_SAMPLE", "ROLE_PRISONER_SEARCH", "ROLE_PRISONER_SEARCH__PRISONER__RO",
    "ROLE_PROBATION_API__HMPPS_API__CASE_DETAIL",
)  # fmt: skip


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The owner's URL of a new server in ``folder``, which stops at the end; log lines go to a file beside it."""
    server = EmbeddedPostgres(folder / "postgres", die_with_parent=True)
    with (folder / "throughcare.log").open("a", encoding="utf-8") as log:
        configure_logging(service="benchmarks", version="dev", environment="dev", stream=log)
        configure_tracing(service_version="dev", environment="dev")
        try:
            yield server.start()
        finally:
            server.stop()
            forget(server)


def forget(server: EmbeddedPostgres) -> None:
    """Delete the data of a stopped server that had to be kept elsewhere, where another account could reach it."""
    if not server.cluster.is_relative_to(server.data_dir):
        shutil.rmtree(server.cluster.parent, ignore_errors=True)


def topology(dsn: str, base_url: str, services: Sequence[Service]) -> Topology:
    """The topology of ``up``, which knows also services that are no part of the system, and a client for them."""
    made = system.make_topology(dsn, SECRETS, GIVEN, base_url)
    made.paths = {**made.paths, **{one.name: one.path for one in services}}
    audiences = tuple(one.name for one in services)
    client = ClientSpec(CLIENT, SECRETS.derive(CLIENT), ("client_credentials",), ROLES, audiences)
    made.clients = {**made.clients, CLIENT: client}
    return made


@asynccontextmanager
async def hosted(
    dsn: str, services: Sequence[Service], *, environment: str = "dev", work: bool = False
) -> AsyncIterator[Host]:
    """The services, installed and hosted in this process as ``up`` does."""
    await install(dsn, services, SECRETS)
    await shared_clock.begin(dsn, None)
    whereabouts = topology(dsn, BASE_URL, services)
    whereabouts.environment = environment
    async with Host(services, whereabouts, work=work) as host:
        yield host


@asynccontextmanager
async def client(host: Host, *services: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that calls hosted services in this process, with a real token for some of them."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(host.app), base_url=BASE_URL) as made:
        reply = await made.post("/auth/oauth2/token", auth=(CLIENT, SECRETS.derive(CLIENT)), data=grant(*services))
        made.headers["Authorization"] = f"Bearer {reply.raise_for_status().json()['access_token']}"
        yield made


def grant(*services: str) -> dict[str, str | list[str]]:
    """What the client asks the authorisation server for."""
    return {"grant_type": "client_credentials", "resource": list(services)}


def clean_environment() -> dict[str, str]:
    """The environment of a process that is to take no setting from whoever measures."""
    mine = ("THROUGHCARE_", "DATABASE_URL", "OTEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}
