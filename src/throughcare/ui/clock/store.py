"""The shared clock's row."""

from __future__ import annotations

import asyncpg

from throughcare.kit.clock import Clock
from throughcare.kit.context import Context
from throughcare.kit.db import shared_clock


async def tell_everybody(ctx: Context, clock: Clock) -> None:
    """Store what ``clock`` says and notify every process."""
    connection = await asyncpg.connect(ctx.runtime.database.dsn, timeout=10)
    try:
        await shared_clock.store(connection, clock)
    finally:
        await connection.close()
