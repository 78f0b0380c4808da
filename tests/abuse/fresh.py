"""The whole system in this process, on a database server of its own that goes away afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from tests.conftest import SECRETS, database_url
from tests.world import World, hosted
from throughcare import catalogue
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.db.install import install

DATABASE = "throughcare"


@asynccontextmanager
async def fresh_world() -> AsyncIterator[World]:
    """All services with accounts and reference data but no people."""
    with tempfile.TemporaryDirectory(prefix="throughcare-abuse-", ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres", fast_for_tests=True, die_with_parent=True)
        server = postgres.start()
        try:
            connection = await asyncpg.connect(server)
            await connection.execute(f"create database {DATABASE}")
            await connection.close()
            url = database_url(server, DATABASE)
            await install(url, catalogue.services(), SECRETS)
            async with hosted(url, catalogue.services(), secrets=SECRETS) as world:
                yield world
        finally:
            postgres.stop()
