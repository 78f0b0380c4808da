"""Puts the PostgreSQL bus into a database: PGMQ's own SQL, the schema ``bus`` beside it, a role's rights."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from throughcare.kit.messaging import pgmq_sql as sql

_LOCK = 7_262_144_001
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


async def install(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Install the bus as the owner of the database; safe to repeat, and for several processes at once.

    A PGMQ that is there already, also as an extension, is left as it is.
    """
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        if await connection.fetchval("select to_regclass('pgmq.meta') is null"):
            await connection.execute(_pgmq_sql())
        await connection.execute(sql.SCHEMA)


async def grant(connection: asyncpg.Connection[asyncpg.Record], role: str) -> None:
    """Give ``role`` what a bus needs; run as the role that ran ``install``. Safe to repeat.

    The role creates queues through a function of the owner's, so that it owns nothing itself. Raises
    ValueError for a name that is not a plain one.
    """
    if not _ROLE.fullmatch(role):
        raise ValueError(f"{role!r} is not a plain role name")
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await connection.execute(sql.GRANTS.format(role=role))


def _pgmq_sql() -> str:
    """The installer that the ``pgmq`` package carries; importing it would bring in another driver."""
    spec = find_spec("pgmq")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package pgmq is not installed")
    return (Path(spec.submodule_search_locations[0]) / "sql" / "pgmq.sql").read_text(encoding="utf-8")
