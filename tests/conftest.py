"""A PostgreSQL server for the run, a migrated template in it, and a clone of that for each test module."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.world import World, hosted
from throughcare import catalogue
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.db.install import install
from throughcare.kit.ids import new_id
from throughcare.kit.settings import Secrets

SECRETS = Secrets("the secret of the tests")
TEMPLATE = "throughcare_template"
LONGEST = ("system", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process ends long after the other."""
    items.sort(key=lambda item: not item.path.parent.name.startswith(LONGEST))


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
    """A database with every service's schema at its newest revision; returns its name."""

    async def make() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f"drop database if exists {TEMPLATE}")
        await connection.execute(f"create database {TEMPLATE}")
        await connection.close()
        await install(database_url(server, TEMPLATE), catalogue.services(), SECRETS)

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
