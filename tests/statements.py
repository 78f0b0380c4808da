"""Records what a service asks its database, and how PostgreSQL would answer: for tests that pin both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import event

from tests.world import World
from throughcare.kit.db.migrate import service_dsn


@dataclass(frozen=True)
class Executed:
    """A statement as it was sent; ``parameters`` are those of its first row."""

    service: str
    statement: str
    parameters: Sequence[object]


@contextmanager
def recorded(world: World, *services: str) -> Iterator[list[Executed]]:
    """Everything that these services execute meanwhile, in whatever task, apart from BEGIN, COMMIT and ROLLBACK."""
    noted: list[Executed] = []
    removals = []
    for name in services:
        engine = world.host.runtimes[name].database.engine.sync_engine

        def note(
            _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool,
            name: str = name,
        ) -> None:  # fmt: skip
            noted.append(Executed(name, statement, tuple(parameters[0] if many else parameters)))

        event.listen(engine, "before_cursor_execute", note)
        removals.append((engine, note))
    try:
        yield noted
    finally:
        for engine, note in removals:
            event.remove(engine, "before_cursor_execute", note)


async def walks(world: World, noted: Sequence[Executed]) -> list[set[str]]:
    """For each statement, the tables that PostgreSQL would read from end to end to carry it out."""
    connections: dict[str, asyncpg.Connection[asyncpg.Record]] = {}
    try:
        found = []
        for one in noted:
            if one.service not in connections:
                dsn = service_dsn(world.owner_dsn, one.service, world.host.topology.secrets)
                settings = {"search_path": f"{one.service},public"}
                connections[one.service] = await asyncpg.connect(dsn, server_settings=settings)
            explain = f"explain (format json) {one.statement}"
            answer = await connections[one.service].fetchval(explain, *one.parameters)
            found.append(_walked(json.loads(answer)[0]["Plan"]))
        return found
    finally:
        for connection in connections.values():
            await connection.close()


def _walked(tree: Mapping[str, Any]) -> set[str]:
    own = {str(tree["Relation Name"])} if tree["Node Type"] == "Seq Scan" else set()
    return own.union(*(_walked(child) for child in tree.get("Plans", ())))


async def analyse(world: World, service: str) -> None:
    """Let the planner know what the tables of a service hold."""
    tables = await world.fetch("select tablename from pg_tables where schemaname = $1", service)
    connection = await asyncpg.connect(world.owner_dsn)
    try:
        for table in tables:
            await connection.execute(f"vacuum analyze {service}.{table['tablename']}")
    finally:
        await connection.close()
