"""From a data folder or the environment to a topology that services can be hosted on."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets as random_secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from throughcare import catalogue
from throughcare.cli.errors import CommandError
from throughcare.kit.clock import Clock
from throughcare.kit.db.embedded import EmbeddedPostgres, PostgresNotStarted
from throughcare.kit.db.install import install
from throughcare.kit.db.migrate import SchemaTooNew, service_dsn
from throughcare.kit.db.reach import DatabaseUnfit, check_database, explained
from throughcare.kit.messaging.bus import Bus
from throughcare.kit.service import Service
from throughcare.kit.settings import PlatformSettings, Secrets, read_settings
from throughcare.kit.topology import Build, Topology

MOST_PEOPLE = 100_000
LOCK, RUNNING, SECRET = "lock", "running.json", "secret"


def settings() -> PlatformSettings:
    """The platform's settings from the environment. Raises BadSettings."""
    return read_settings(PlatformSettings, "THROUGHCARE_")


def data_folder(path: Path) -> Path:
    """The data folder, made if need be. Raises CommandError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise CommandError(
            f"the data folder {path} cannot be used ({error.strerror}): choose another with --data"
        ) from None
    return path.resolve()


def data_folder_for(path: Path, given: PlatformSettings) -> Path:
    """The data folder, made only once it is known that a database named by the settings can be used."""
    if given.database_url is not None:
        asyncio.run(reachable(given.database_url.get_secret_value()))
    return data_folder(path)


def check_people(people: int) -> None:
    """Raises CommandError when no world of so many people can be made."""
    if not 1 <= people <= MOST_PEOPLE:
        raise CommandError(f"--people takes a number from 1 to {MOST_PEOPLE}")


def secrets_of(folder: Path, given: PlatformSettings) -> Secrets:
    """The system's secrets: from ``THROUGHCARE_SECRET``, else a random one kept in the data folder."""
    path = folder / SECRET
    if given.secret is None and given.environment in {"preprod", "prod"}:
        raise CommandError("set THROUGHCARE_SECRET: a production system keeps no secret in its data folder")
    if given.secret is None and not path.exists():
        making = path.with_suffix(".new")
        making.touch(mode=0o600)
        making.write_text(random_secrets.token_urlsafe(48), encoding="utf-8")
        making.rename(path)
    return held_secrets(folder, given)


def held_secrets(folder: Path, given: PlatformSettings) -> Secrets:
    """The secrets of a system that is there already. Raises CommandError."""
    if given.secret is not None:
        return Secrets(given.secret.get_secret_value())
    try:
        held = (folder / SECRET).read_text(encoding="utf-8")
    except OSError:
        held = ""
    if not held:
        raise CommandError(f"{folder} holds no secret of a system: name its data folder with --data")
    return Secrets(held)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time makes or runs the system of a data folder. Raises CommandError when another does."""
    with (folder / LOCK).open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(
                f"another throughcare runs on {folder}: stop it, or choose another folder with --data"
            ) from None
        yield


@contextmanager
def database(folder: Path, given: PlatformSettings) -> Iterator[str]:
    """The owner's URL of the database: ``DATABASE_URL``, else PostgreSQL started in the data folder."""
    if given.database_url is not None:
        yield given.database_url.get_secret_value()
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
    """Raises CommandError when the database at ``dsn`` cannot be used, saying what to do."""
    try:
        await check_database(dsn)
    except DatabaseUnfit as error:
        raise CommandError(str(error)) from None


async def bring_up_to_date(dsn: str, services: Sequence[Service], secrets: Secrets, *, bus: bool) -> list[str]:
    """Make what the services need of the database at ``dsn``; those whose schema changed. Raises CommandError."""
    await reachable(dsn)
    try:
        with explained(dsn):
            return await install(dsn, services, secrets, bus=bus)
    except DatabaseUnfit as error:
        raise CommandError(str(error)) from None
    except SchemaTooNew as error:
        raise CommandError(f"{error}: use the newer version of throughcare, or another data folder (--data)") from None


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
    """Where the system of this data folder is; None when none runs, whatever one that died has left."""
    try:
        noted = json.loads((folder / RUNNING).read_text(encoding="utf-8"))
        with alone(folder):
            return None
    except CommandError:
        return str(noted["baseUrl"])
    except (OSError, ValueError):
        return None
