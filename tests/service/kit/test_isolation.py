"""A service's role reaches its own schema and nothing else."""

from __future__ import annotations

import asyncpg
import pytest

from tests.conftest import SECRETS
from throughcare import catalogue
from throughcare.kit.db.migrate import service_dsn

NAMES = [one.name for one in catalogue.services()]


@pytest.mark.parametrize("name", NAMES)
async def test_a_role_reads_its_own_tables_and_no_other_services(database: str, name: str) -> None:
    connection = await asyncpg.connect(service_dsn(database, name, SECRETS))
    try:
        assert await connection.fetchval(f"select count(*) from {name}.outbox") == 0
        for other in NAMES:
            if other != name:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch(f"select 1 from {other}.outbox")
    finally:
        await connection.close()


@pytest.mark.parametrize("name", NAMES)
async def test_a_role_makes_nothing_outside_its_schema_and_knows_no_queue(database: str, name: str) -> None:
    connection = await asyncpg.connect(service_dsn(database, name, SECRETS))
    try:
        for statement in (
            "create table public.stolen (id int)",
            "create schema stolen",
            "select * from pgmq.q_interventions_domain_events",
            "select * from bus.subscription",
            f"create role {name}_more",
        ):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_only_the_console_may_set_the_clock(database: str) -> None:
    statement = "insert into platform.clock (offset_seconds) values (0) on conflict do nothing"
    for name in NAMES:
        connection = await asyncpg.connect(service_dsn(database, name, SECRETS))
        try:
            if name == "ui":
                await connection.execute(statement)
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        finally:
            await connection.close()
