"""Schemas, roles and migrations: each service has its own schema, owned by nobody else, and its own Alembic line."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from throughcare.kit.failpoints import failpoint
from throughcare.kit.inbox import table as inbox_table
from throughcare.kit.jobs import schedule
from throughcare.kit.outbox import table as outbox_table
from throughcare.kit.service import Service
from throughcare.kit.settings import Secrets
from throughcare.kit.web import idempotency

if TYPE_CHECKING:
    from alembic.config import Config

EXTENSIONS = ("pg_trgm", "fuzzystrmatch", "unaccent")
LOCK = 7_261_904_411
PLATFORM_DDL = """
create schema if not exists platform;
create table if not exists platform.clock (
  single boolean primary key default true check (single),
  offset_seconds double precision not null,
  frozen_at timestamptz,
  changed_at timestamptz not null default now()
);
"""


class SchemaTooNew(Exception):
    """The database was migrated by a newer version of this program."""


def kit_tables(op: Any) -> None:
    """Make the kit's tables (outbox, inbox, idempotency keys, job runs) in a service's first migration."""
    for ddl in (outbox_table.DDL, inbox_table.DDL, idempotency.DDL, schedule.DDL):
        op.execute(ddl)


def role(service: str) -> str:
    """The PostgreSQL role of a service."""
    return f"throughcare_{service}"


def service_dsn(owner_dsn: str, service: str, secrets: Secrets) -> str:
    """The URL with which ``service`` connects as its own role, to the database of ``owner_dsn``."""
    parts = urlsplit(owner_dsn)
    _, _, host = parts.netloc.rpartition("@")
    credentials = f"{role(service)}:{quote(secrets.derive(f'database:{service}'))}"
    return urlunsplit((parts.scheme, f"{credentials}@{host}", parts.path, parts.query, parts.fragment))


async def prepare(owner_dsn: str, names: Sequence[str], secrets: Secrets) -> None:
    """Extensions, platform schema, roles and empty schemas; safe to repeat and to run twice at once."""
    connection = await asyncpg.connect(owner_dsn, timeout=10)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        for extension in EXTENSIONS:
            await connection.execute(f"create extension if not exists {extension} with schema public")
        await connection.execute(PLATFORM_DDL)
        for name in names:
            owner = await _prepare_role(connection, name, secrets.derive(f"database:{name}"))
            await connection.execute(f"create schema if not exists {name} authorization {owner}")
            await connection.execute(f"revoke all on schema {name} from public")
    finally:
        await connection.close()


async def prepare_role(owner_dsn: str, name: str, secrets: Secrets) -> None:
    """A role without a schema of its own, for the bus; safe to repeat and to run twice at once."""
    connection = await asyncpg.connect(owner_dsn, timeout=10)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(PLATFORM_DDL)
        await _prepare_role(connection, name, secrets.derive(f"database:{name}"))
    finally:
        await connection.close()


async def _prepare_role(connection: asyncpg.Connection[asyncpg.Record], name: str, password: str) -> str:
    owner = role(name)
    if not re.fullmatch(r"[a-z_]+", name) or not re.fullmatch(r"[0-9a-f]+", password):
        raise ValueError(f"{name!r} is not the name of a service")
    exists = await connection.fetchval("select 1 from pg_roles where rolname = $1", owner)
    verb = "alter" if exists else "create"
    await connection.execute(f"{verb} role {owner} login password '{password}'")
    await connection.execute(f"grant {owner} to current_user")
    database = await connection.fetchval("select quote_ident(current_database())")
    await connection.execute(f"grant connect on database {database} to {owner}")
    await connection.execute(f"grant usage on schema platform to {owner}; grant select on platform.clock to {owner}")
    if name == "ui":
        await connection.execute(f"grant insert, update on platform.clock to {owner}")
    return owner


def _config(service: Service) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions_folder(service)).replace("%", "%%"))
    return config


def versions_folder(service: Service) -> Path:
    """The folder of a service's revisions."""
    from importlib.util import find_spec

    spec = find_spec(service.migrations)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"{service.migrations} is not a package: see docs/add-a-service.md")
    return Path(next(iter(spec.submodule_search_locations)))


def head(service: Service) -> str:
    """The newest revision of a service: its files are named ``m<revision>_<what>.py``."""
    return max(path.name[1:5] for path in versions_folder(service).glob("m[0-9][0-9][0-9][0-9]_*.py"))


async def current(owner_dsn: str, service: str) -> str | None:
    """The revision that the database is at; None when it was never migrated."""
    connection = await asyncpg.connect(owner_dsn, timeout=10)
    try:
        table = await connection.fetchval("select to_regclass($1)", f"{service}.alembic_version")
        return await connection.fetchval(f"select version_num from {service}.alembic_version") if table else None
    finally:
        await connection.close()


async def migrate(owner_dsn: str, services: Sequence[Service], secrets: Secrets) -> list[str]:
    """Bring every schema to its newest revision; the names of those that changed. Raises SchemaTooNew."""
    await prepare(owner_dsn, [one.name for one in services], secrets)
    changed = []
    for service in services:
        at = await current(owner_dsn, service.name)
        newest = head(service)
        if at is not None and at > newest:
            raise SchemaTooNew(f"schema {service.name} is at {at}, this program knows {newest}")
        if at != newest:
            await _upgrade(service_dsn(owner_dsn, service.name, secrets), service)
            changed.append(service.name)
            await failpoint("migrate.between_steps")
    return changed


async def _upgrade(dsn: str, service: Service) -> None:
    settings = {"search_path": f"{service.name},public", "lock_timeout": "10s"}

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(dsn, timeout=10, server_settings=settings)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(_run, service)
    finally:
        await engine.dispose()


def _run(connection: Connection, service: Service) -> None:
    from alembic import command

    config = _config(service)
    config.attributes["connection"], config.attributes["schema"] = connection, service.name
    command.upgrade(config, "head")


def migrate_now(owner_dsn: str, services: Sequence[Service], secrets: Secrets) -> list[str]:
    """``migrate`` for callers without an event loop."""
    return asyncio.run(migrate(owner_dsn, services, secrets))
