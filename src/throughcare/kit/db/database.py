"""A service's own door to PostgreSQL, and what its stores and views are built on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TypeVar

import asyncpg
from sqlalchemy import Engine, Executable, MetaData, RowMapping, Table, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)

MOST_CONNECTIONS = 12
SERVER_SETTINGS = {
    "application_name": "throughcare",
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "60000",
    "tcp_keepalives_idle": "30",
}


@cache
def schema(service: str) -> MetaData:
    """The table definitions of a service; its features' stores declare their tables on it."""
    return MetaData(schema=service)


class Queries:
    """Statements over one connection. Rows come back as mappings by column name."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def one_or_none(self, statement: Executable) -> RowMapping | None:
        """The only row, or None. Raises ``MultipleResultsFound``."""
        return (await self.connection.execute(statement)).mappings().one_or_none()

    async def first(self, statement: Executable) -> RowMapping | None:
        """The first row, or None."""
        return (await self.connection.execute(statement)).mappings().first()

    async def all(self, statement: Executable) -> Sequence[RowMapping]:
        """Every row, in the statement's order."""
        return (await self.connection.execute(statement)).mappings().all()

    async def scalar(self, statement: Executable) -> object:
        """The first column of the first row, or None."""
        return await self.connection.scalar(statement)

    async def count(self, statement: Executable) -> int:
        """The first column of the first row, as a number."""
        return int(await self.connection.scalar(statement) or 0)

    async def run(self, statement: Executable, rows: Sequence[Mapping[str, object]] | None = None) -> int:
        """Carry out a change, for each of ``rows`` when given; how many rows it touched."""
        if rows is not None and not rows:
            return 0
        return (await self.connection.execute(statement, rows)).rowcount


class Store(Queries):
    """Writes and loads one aggregate. ``get`` raises when there is none, ``find`` returns None."""

    async def copy(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Add many rows at once, the fast way; all have the same columns, and JSON comes as text."""
        if not rows:
            return
        driver = (await self.connection.get_raw_connection()).driver_connection
        assert driver is not None, "the transaction holds a connection"
        columns = list(rows[0])
        records = [[row[name] for name in columns] for row in rows]
        await driver.copy_records_to_table(table.name, schema_name=table.schema, columns=columns, records=records)


class Views(Queries):
    """Read-only queries for lists and pages."""


Q = TypeVar("Q", bound=Queries)


class Database:
    """The pool of one service, connected as the service's own role, which can reach no other schema.

    At most 12 connections are open at a time, and ``pool_size`` of them stay: as many as a queue's reactions take.
    """

    def __init__(self, dsn: str, name: str, *, pool_size: int = 8) -> None:
        self.dsn, self.name = dsn, name
        self.engine = _engine(dsn, name, pool_size)
        self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def reading(self, kind: type[Q]) -> AsyncIterator[Q]:
        """Queries outside a transaction, each seeing what is committed at its start."""
        async with self._reader.connect() as connection:
            yield kind(connection)

    @asynccontextmanager
    async def writing(self, kind: type[Q]) -> AsyncIterator[Q]:
        """Queries in one short transaction of the kit's own (leases, ledgers); use cases use a unit of work."""
        async with self.engine.begin() as connection:
            yield kind(connection)

    async def alone(self, statement: Executable, values: Mapping[str, object]) -> Sequence[RowMapping]:
        """Carry out one statement that is a transaction by itself, in one round trip; its rows."""
        async with self._reader.connect() as connection:
            result = await connection.execute(statement, values)
            return result.mappings().all() if result.returns_rows else ()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _engine(dsn: str, name: str, pool_size: int) -> AsyncEngine:
    settings = {**SERVER_SETTINGS, "application_name": f"throughcare-{name}", "search_path": f"{name},public"}

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        try:
            return await asyncpg.connect(dsn, timeout=10, command_timeout=35, server_settings=settings)
        except FileNotFoundError:  # no socket: there is no server, as when a port refuses
            raise ConnectionRefusedError("no server listens on the socket of the database") from None

    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, pool_size=pool_size,
        max_overflow=max(0, MOST_CONNECTIONS - pool_size), pool_pre_ping=False, pool_use_lifo=True,
    )  # fmt: skip


def _note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    noted = _statements.get()
    if noted is not None:
        noted.append(statement)


@contextmanager
def counting_statements() -> Iterator[list[str]]:
    """Collects the SQL statements of this task, so that a test can pin how many a request takes."""
    if not event.contains(Engine, "before_cursor_execute", _note):
        event.listen(Engine, "before_cursor_execute", _note)
    noted: list[str] = []
    token = _statements.set(noted)
    try:
        yield noted
    finally:
        _statements.reset(token)
