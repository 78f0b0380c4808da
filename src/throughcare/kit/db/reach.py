"""Whether a database can be used, and in plain words why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socket import gaierror
from urllib.parse import urlsplit

import asyncpg
from asyncpg import exceptions as postgres

OLDEST = 15
CONNECT_SECONDS = 5
SCHEMES = ("postgresql", "postgres")


class DatabaseUnfit(Exception):
    """The database cannot be used. The text says what is wrong and what mends it, in one line, without a password."""


async def check_database(dsn: str) -> None:
    """Raises DatabaseUnfit when nobody can sign in there, or the server is older than PostgreSQL 15."""
    with explained(dsn):
        connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
        try:
            version = connection.get_server_version().major
        finally:
            await connection.close()
    if version < OLDEST:
        raise DatabaseUnfit(f"PostgreSQL {version} at {_place(dsn)} is too old: throughcare needs {OLDEST} or later")


@contextmanager
def explained(dsn: str) -> Iterator[None]:
    """Turn what goes wrong with the database inside into DatabaseUnfit."""
    if urlsplit(dsn).scheme not in SCHEMES or _place(dsn) is None:
        raise DatabaseUnfit("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    try:
        yield
    except postgres.InsufficientPrivilegeError:
        raise DatabaseUnfit(
            f"the user of the database at {_place(dsn)} may not make schemas and roles: name its owner in DATABASE_URL"
        ) from None
    except (postgres.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        raise DatabaseUnfit(
            f"no connection to the database at {_place(dsn)} ({_why(error)}): check DATABASE_URL"
        ) from None


def _why(error: Exception) -> str:
    if isinstance(error, postgres.InvalidAuthorizationSpecificationError):
        return "user or password refused"
    if isinstance(error, postgres.InvalidCatalogNameError):
        return "there is no such database"
    if isinstance(error, gaierror):
        return "there is no such host"
    if isinstance(error, TimeoutError):
        return f"no answer in {CONNECT_SECONDS} s"
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "nobody listens there"
    return type(error).__name__


def _place(dsn: str) -> str | None:
    """Host, port and name of a database, or None when they cannot be told."""
    try:
        parts = urlsplit(dsn)
        return f"{parts.hostname or 'the socket'}:{parts.port or 5432}{parts.path}"
    except ValueError:
        return None
