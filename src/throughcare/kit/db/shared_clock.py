"""The business clock that all processes of one system share: a row in ``platform.clock`` and a notification.

The row exists only while the system was started with a clock that can be set; otherwise business time is real time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import asyncpg

from throughcare.kit.clock import Clock, real_now

NOTIFY_CLOCK = "throughcare_clock"
READ = "select offset_seconds, frozen_at from platform.clock"
WRITE = """
    insert into platform.clock (offset_seconds, frozen_at) values ($1, $2)
        on conflict (single) do update
       set offset_seconds = excluded.offset_seconds, frozen_at = excluded.frozen_at, changed_at = now()
"""


Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def load(connection: Connection, clock: Clock) -> None:
    """Make ``clock`` tell the system's business time."""
    row = await connection.fetchrow(READ)
    clock.settable = row is not None
    if row is None:
        clock.offset, clock.frozen_at = timedelta(), None
        return
    clock.offset = timedelta(seconds=row["offset_seconds"])
    clock.frozen_at = row["frozen_at"]


async def store(connection: Connection, clock: Clock) -> None:
    """Tell every process of the system what ``clock`` says."""
    await connection.execute(WRITE, clock.offset.total_seconds(), clock.frozen_at)
    await connection.execute(f"notify {NOTIFY_CLOCK}")


async def begin(dsn: str, moment: datetime | None) -> None:
    """``start`` on a connection of its own to the database at ``dsn``."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await start(connection, moment)
    finally:
        await connection.close()


async def start(connection: Connection, moment: datetime | None) -> None:
    """At the start of a system: run on from ``moment``, able to be set; or from real time, not able to."""
    if moment is None:
        await connection.execute("delete from platform.clock")
        return
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    await store(connection, Clock(offset=aware - real_now()))
