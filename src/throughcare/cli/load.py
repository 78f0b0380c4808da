"""``throughcare seed --referrals``: as many referrals as a country has, beside the synthetic world."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from throughcare.cli.errors import CommandError
from throughcare.cli.populate import World
from throughcare.kit.db.install import SEEDING
from throughcare.kit.host import Host
from throughcare.kit.jobs import once
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import synthetic_people
from throughcare.services.interventions.dev.load import AlreadyThere, seed_referrals

MOST_REFERRALS = 500_000


def check_referrals(referrals: int) -> None:
    """Raises CommandError when there is no load of so many referrals."""
    if not 0 <= referrals <= MOST_REFERRALS:
        raise CommandError(f"--referrals takes a number from 0 to {MOST_REFERRALS}")


async def load_referrals(host: Host, referrals: int, console: Console) -> None:
    """Make a load of referrals, the first of them about people of the world that is there. Raises CommandError."""
    today = host.topology.clock.today()
    world = World.noted(await once.done(host.runtimes["probation"].database, SEEDING) or "", today)
    people = [] if world is None else synthetic_people(
        world.people, seed=world.seed, today=world.today, managers=MANAGERS
    )  # fmt: skip
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("making referrals", total=referrals)
            ctx = host.runtimes["interventions"].context()
            await seed_referrals(ctx, referrals, list(people), lambda done: progress.advance(task, done))
    except AlreadyThere:
        raise CommandError("a load was made in this data folder already: choose another with --data") from None
    console.print(f"{referrals} referrals are made")
