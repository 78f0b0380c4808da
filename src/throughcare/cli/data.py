"""``throughcare migrate`` and ``throughcare seed``."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.load import check_referrals, load_referrals
from throughcare.cli.populate import populate_if_empty
from throughcare.kit.host import Host

console = Console(highlight=False, soft_wrap=True)


def migrate(names: list[str] | None, data: Path) -> None:
    """Bring the database up to date. Raises CommandError."""
    given = system.settings()
    try:
        services = catalogue.services(names or None)
    except catalogue.UnknownService as error:
        raise CommandError(str(error.args[0])) from None
    folder = system.data_folder_for(data, given)
    secrets = system.secrets_of(folder, given)
    with system.alone(folder), system.database(folder, given) as dsn:
        changed = asyncio.run(system.bring_up_to_date(dsn, services, secrets, bus=given.bus == "pgmq"))
    console.print(f"brought up to date: {', '.join(changed)}" if changed else "everything is up to date")


def seed(people: int, referrals: int, seed_number: int, data: Path) -> None:
    """Fill what is empty, and make a load of ``referrals``. Raises CommandError."""
    system.check_people(people)
    check_referrals(referrals)
    given = system.settings()
    if given.environment not in {"dev", "test"}:
        raise CommandError(f"`seed` makes people up, which is not for {given.environment}")
    folder = system.data_folder_for(data, given)
    secrets = system.secrets_of(folder, given)

    async def work(dsn: str) -> int:
        await system.bring_up_to_date(dsn, catalogue.services(), secrets, bus=given.bus == "pgmq")
        topology = system.make_topology(dsn, secrets, given, given.base_url)
        async with Host(catalogue.services(), topology) as host:
            filled = await populate_if_empty(host, people, seed=seed_number, console=console)
            if referrals:
                await load_referrals(host, referrals, console)
            return filled

    with system.alone(folder), system.database(folder, given) as dsn:
        filled = asyncio.run(work(dsn))
    if not filled and not referrals:
        raise CommandError("there is a world in this data folder already: choose another with --data")
    if filled:
        console.print(f"the world is made in {filled} services")
