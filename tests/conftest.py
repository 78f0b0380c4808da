"""A PostgreSQL server for the run, a migrated template in it, and a clone of that for each test module."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.running import Site, started
from tests.world import START, World, hosted
from throughcare import catalogue
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.db.install import install
from throughcare.kit.ids import new_id
from throughcare.kit.settings import Secrets

SECRETS = Secrets("the secret of the tests")
# Whole applications live for a module at a time: looking through them for garbage as often as Python does by itself
# takes a twentieth of the time.
gc.set_threshold(100_000, 50, 1000)
TEMPLATE = "throughcare_template"
LONGEST = ("tests/system/", "tests/browser/", "tests/pages/test_story")
ON_THE_SITE = ("tests/browser/", "tests/system/test_demonstration.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process ends long after the other."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Module by module; everything that needs the running site goes to one process, so that it starts once."""

    def _split_scope(self, nodeid: str) -> str:
        return "the site" if nodeid.startswith(ON_THE_SITE) else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    """How tests are shared out among processes."""
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def running() -> Iterator[Site]:
    """A system started as a user starts it, on which the journey was performed."""
    with started() as made:
        yield made


@pytest.fixture(scope="session")
def site(running: Site) -> str:
    """The address of the running system."""
    return running.url


def database_url(server: str, name: str) -> str:
    """The URL of database ``name`` on ``server``."""
    parts = urlsplit(server)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, parts.fragment))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The owner's URL of a PostgreSQL server that lives as long as the run (one for each xdist worker)."""
    given = os.environ.get("THROUGHCARE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="throughcare-test-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres", fast_for_tests=True, die_with_parent=True)
        yield postgres.start()
        postgres.stop()


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """A database with every service's schema at its newest revision and its reference data; returns its name."""

    async def make() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f"drop database if exists {TEMPLATE}")
        await connection.execute(f"create database {TEMPLATE}")
        await connection.close()
        url = database_url(server, TEMPLATE)
        await install(url, catalogue.services(), SECRETS)
        async with hosted(url, catalogue.services(), secrets=SECRETS, start=START - timedelta(minutes=1)):
            pass  # reference data and accounts are loaded once for all

    asyncio.run(make())
    return TEMPLATE


async def clone(server: str, template: str) -> str:
    """The URL of a fresh copy of the template."""
    name = f"test_{new_id().hex}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"create database {name} template {template} strategy file_copy")
    await connection.close()
    return database_url(server, name)


async def drop(server: str, url: str) -> None:
    """Drop a copy."""
    connection = await asyncpg.connect(server)
    await connection.execute(f"drop database if exists {urlsplit(url).path.lstrip('/')} with (force)")
    await connection.close()


@pytest.fixture(scope="module")
async def database(server: str, template: str) -> AsyncIterator[str]:
    """The owner's URL of a database for one test module."""
    url = await clone(server, template)
    yield url
    await drop(server, url)


@pytest.fixture(scope="module")
async def world(database: str) -> AsyncIterator[World]:
    """All services, hosted in this process, with accounts and reference data but no people."""
    async with hosted(database, catalogue.services(), secrets=SECRETS) as made:
        yield made
