"""Everything that a database needs before services can start: the bus, schemas, roles and migrations."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from throughcare.kit.db.migrate import migrate, prepare_role, role
from throughcare.kit.messaging.pgmq_install import grant
from throughcare.kit.messaging.pgmq_install import install as install_bus
from throughcare.kit.service import Service
from throughcare.kit.settings import Secrets


async def install(owner_dsn: str, services: Sequence[Service], secrets: Secrets, *, bus: bool = True) -> list[str]:
    """Bring the database up to date, with the embedded bus if wanted; the services whose schema changed.

    Safe to repeat. Raises SchemaTooNew, asyncpg.PostgresError, OSError.
    """
    if bus:
        await prepare_role(owner_dsn, "bus", secrets)
        connection = await asyncpg.connect(owner_dsn, timeout=10)
        try:
            await install_bus(connection)
            await grant(connection, role("bus"))
        finally:
            await connection.close()
    return await migrate(owner_dsn, services, secrets)
