"""``throughcare migrate`` and ``throughcare seed``."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.populate import populate_if_empty
from throughcare.kit.db.install import install
from throughcare.kit.db.migrate import SchemaTooNew
from throughcare.kit.host import Host

console = Console(highlight=False)


def migrate(names: list[str] | None, data: Path) -> None:
    """Bring the database up to date. Raises CommandError."""
    given = system.settings()
    try:
        services = catalogue.services(names or None)
    except catalogue.UnknownService as error:
        raise CommandError(str(error.args[0])) from None
    folder = system.data_folder(data)
    secrets = system.secrets_of(folder, given)

    async def work(dsn: str) -> list[str]:
        await system.reachable(dsn)
        return await install(dsn, services, secrets, bus=given.bus == "pgmq")

    with system.database(folder, given) as dsn:
        try:
            changed = asyncio.run(work(dsn))
        except SchemaTooNew as error:
            raise system.newer_schema(error) from None
    console.print(f"brought up to date: {', '.join(changed)}" if changed else "everything is up to date")


def seed(people: int, seed_number: int, data: Path) -> None:
    """Fill what is empty. Raises CommandError."""
    if not 1 <= people <= 100_000:
        raise CommandError("--people takes a number from 1 to 100000")
    given = system.settings()
    folder = system.data_folder(data)
    if system.running(folder) is not None:
        raise CommandError("the system of this data folder is running: stop it, then seed")
    secrets = system.secrets_of(folder, given)

    async def work(dsn: str) -> int:
        await system.reachable(dsn)
        await install(dsn, catalogue.services(), secrets)
        topology = system.make_topology(dsn, secrets, given, given.base_url)
        async with Host(catalogue.services(), topology) as host:
            return await populate_if_empty(host, people, seed=seed_number, console=console)

    with system.database(folder, given) as dsn:
        filled = asyncio.run(work(dsn))
    if not filled:
        raise CommandError("there is a world in this data folder already: choose another with --data")
    console.print(f"made {people} people in {filled} services, seed {seed_number}")
