"""From a data folder or the environment to a topology that services can be hosted on."""

from __future__ import annotations

import json
import os
import secrets as random_secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from throughcare import catalogue
from throughcare.cli.errors import CommandError
from throughcare.kit.clock import Clock
from throughcare.kit.db.embedded import EmbeddedPostgres, PostgresNotStarted
from throughcare.kit.db.migrate import SchemaTooNew, service_dsn
from throughcare.kit.messaging.bus import Bus
from throughcare.kit.settings import PlatformSettings, Secrets
from throughcare.kit.topology import Build, Topology

RUNNING = "running.json"


def settings() -> PlatformSettings:
    """The platform's settings. ``DATABASE_URL`` without a prefix counts as well."""
    given = os.environ.get("DATABASE_URL")
    if given and not os.environ.get("THROUGHCARE_DATABASE_URL"):
        os.environ["THROUGHCARE_DATABASE_URL"] = given
    return PlatformSettings()


def data_folder(path: Path) -> Path:
    """The data folder, made if need be. Raises CommandError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"the data folder {path} cannot be made ({error.strerror}): choose another with --data"
        ) from None
    return path.resolve()


def secrets_of(folder: Path, given: PlatformSettings) -> Secrets:
    """The system's secrets: from ``THROUGHCARE_SECRET``, else a random one kept in the data folder."""
    if given.secret is not None:
        return Secrets(given.secret.get_secret_value())
    if given.environment in {"preprod", "prod"}:
        raise CommandError("set THROUGHCARE_SECRET: a production system keeps no secret in its data folder")
    path = folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(random_secrets.token_urlsafe(48), encoding="utf-8")
    return Secrets(path.read_text(encoding="utf-8"))


@contextmanager
def database(folder: Path, given: PlatformSettings) -> Iterator[str]:
    """The owner's URL of the database: ``DATABASE_URL``, else PostgreSQL started in the data folder."""
    if given.database_url is not None:
        url = given.database_url.get_secret_value()
        if urlsplit(url).scheme not in {"postgresql", "postgres"}:
            raise CommandError("DATABASE_URL must look like postgresql://user:password@host:5432/database")
        yield url
        return
    postgres = EmbeddedPostgres(folder / "postgres", die_with_parent=True)
    try:
        dsn = postgres.start()
    except PostgresNotStarted as error:
        raise CommandError(str(error)) from None
    try:
        yield dsn
    finally:
        postgres.stop()


async def reachable(dsn: str) -> None:
    """Raises CommandError when the database cannot be used, saying what to do."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, ValueError) as error:
        parts = urlsplit(dsn)
        where = f"{parts.hostname or 'the socket'}:{parts.port or 5432}{parts.path}"
        raise CommandError(
            f"no connection to the database at {where} ({type(error).__name__}): check DATABASE_URL"
        ) from None
    try:
        version = connection.get_server_version().major
        if version < 15:
            raise CommandError(f"PostgreSQL {version} is too old: throughcare needs 15 or later")
    finally:
        await connection.close()


def newer_schema(error: SchemaTooNew) -> CommandError:
    """The refusal for a database that a newer version has migrated."""
    return CommandError(f"{error}: use the newer version of throughcare, or another data folder (--data)")


def make_topology(
    dsn: str, secrets: Secrets, given: PlatformSettings, base_url: str, *, pool_size: int = 8
) -> Topology:
    """The topology of one process on the database at ``dsn``; services with a URL of their own use that."""
    topology = Topology(
        base_url=base_url,
        database_dsn=_dsns(dsn, secrets),
        make_bus=lambda: make_bus(dsn, secrets, given),
        secrets=secrets,
        clock=Clock(),
        environment=given.environment,
        build=Build(given.version, given.build_time, given.git_branch, given.git_commit[:7], given.product_id),
        peer_urls=given.peer_urls,
        pool_size=pool_size,
        shared_clock=True,
    )
    catalogue.describe(topology)
    return topology


def _dsns(dsn: str, secrets: Secrets) -> Callable[[str], str]:
    def own(service: str) -> str:
        return os.environ.get(f"THROUGHCARE_{service.upper()}__DATABASE_URL") or service_dsn(dsn, service, secrets)

    return own


def make_bus(dsn: str, secrets: Secrets, given: PlatformSettings) -> Bus:
    """The bus that the settings ask for."""
    if given.bus == "aws":
        from throughcare.kit.messaging.aws import AwsBus

        return AwsBus(given.aws_region, endpoint_url=given.aws_endpoint_url)
    from throughcare.kit.messaging.pgmq import PgmqBus

    return PgmqBus(service_dsn(dsn, "bus", secrets))


def note_running(folder: Path, base_url: str) -> None:
    """Leave word where the system of this data folder is."""
    (folder / RUNNING).write_text(json.dumps({"pid": os.getpid(), "baseUrl": base_url}), encoding="utf-8")


def running(folder: Path) -> str | None:
    """Where the system of this data folder is; None when it is not running."""
    try:
        noted = json.loads((folder / RUNNING).read_text(encoding="utf-8"))
        os.kill(noted["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return str(noted["baseUrl"])
