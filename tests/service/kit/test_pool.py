"""The pool of a service under a burst."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from tests.service.kit.conftest import Small
from throughcare.kit.db import Database, Queries
from throughcare.kit.db.database import counting_statements


async def test_connections_of_a_burst_are_used_again(small: Small) -> None:
    database = Database(small.runtime.database.dsn, "sample")

    async def backend(everybody: asyncio.Barrier) -> object:
        async with database.reading(Queries) as queries, everybody:
            return await queries.scalar(text("select pg_backend_pid()"))

    bursts = []
    for _ in range(2):
        together = asyncio.Barrier(8)
        bursts.append(set(await asyncio.gather(*(backend(together) for _ in range(8)))))
    await database.close()
    assert len(bursts[0]) == 8
    assert bursts[0] == bursts[1]


async def test_statements_are_counted_only_in_the_task_that_asks(small: Small) -> None:
    database = small.runtime.database

    async def another() -> None:
        async with database.reading(Queries) as queries:
            await queries.scalar(text("select 2"))

    outside = asyncio.create_task(another())
    with counting_statements() as noted:
        async with database.reading(Queries) as queries:
            await queries.scalar(text("select 1"))
        await outside
    assert noted == ["select 1"]
