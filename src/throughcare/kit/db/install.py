"""Everything that a database needs before services can start: the bus, schemas, roles and migrations."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from throughcare.kit.db.migrate import migrate, prepare_role, role
from throughcare.kit.jobs.once import BROKEN_OFF
from throughcare.kit.messaging.pgmq_install import grant
from throughcare.kit.messaging.pgmq_install import install as install_bus
from throughcare.kit.service import Service
from throughcare.kit.settings import Secrets
from throughcare.kit.telemetry.logs import get_logger

log = get_logger(__name__)

SEEDING, HISTORIES = "seed", "histories"


async def install(owner_dsn: str, services: Sequence[Service], secrets: Secrets, *, bus: bool = True) -> list[str]:
    """Bring the database up to date, with the embedded bus if wanted; the services whose schema changed.

    A schema that was being filled with a synthetic world when its process died is made anew, since nobody has used it.
    Safe to repeat. Raises SchemaTooNew, asyncpg.PostgresError, OSError.
    """
    await _drop_what_was_half_filled(owner_dsn, services)
    if bus:
        await prepare_role(owner_dsn, "bus", secrets)
        connection = await asyncpg.connect(owner_dsn, timeout=10)
        try:
            await install_bus(connection)
            await grant(connection, role("bus"))
        finally:
            await connection.close()
    return await migrate(owner_dsn, services, secrets)


async def _drop_what_was_half_filled(owner_dsn: str, services: Sequence[Service]) -> None:
    connection = await asyncpg.connect(owner_dsn, timeout=10)
    try:
        for schema in (one.name for one in services):
            table = await connection.fetchval("select to_regclass($1)", f"{schema}.job_run")
            if table and await connection.fetchval(BROKEN_OFF.format(schema=schema), [SEEDING, HISTORIES]):
                log.warning("a schema that was half filled is made anew", labels={"schema": schema})
                await connection.execute(f"drop schema {schema} cascade")
    finally:
        await connection.close()
