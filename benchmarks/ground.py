"""The ground on which everything is measured: a new PostgreSQL with the settings of ``up``, and services on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

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

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = sample.SERVICE
SECRETS = Secrets("the secret of the measurements")
GIVEN = PlatformSettings(environment="dev", bus="pgmq", database_url=None, secret=None, peer_urls={})
CLIENT = "benchmarks"


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
    roles = ("ROLE_SAMPLE", "ROLE_PRISONER_SEARCH")
    client = ClientSpec(CLIENT, SECRETS.derive(CLIENT), ("client_credentials",), roles, audiences)
    made.clients = {**made.clients, CLIENT: client}
    return made


@asynccontextmanager
async def hosted(dsn: str, services: Sequence[Service], *, base_url: str, work: bool = False) -> AsyncIterator[Host]:
    """The services, installed and hosted in this process as ``up`` does."""
    await install(dsn, services, SECRETS)
    await shared_clock.begin(dsn, None)
    async with Host(services, topology(dsn, base_url, services), work=work) as host:
        yield host


def environment() -> dict[str, str]:
    """The environment of a process that is to take no setting from whoever measures."""
    mine = ("THROUGHCARE_", "DATABASE_URL", "OTEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}
