"""Fills an empty system with the synthetic world."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from throughcare.kit.host import Host
from throughcare.kit.jobs.schedule import ever_noted, note_done
from throughcare.kit.runtime import Runtime
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people

SEEDED = "seed"


async def populate_if_empty(host: Host, people: int, *, seed: int = 1, console: Console | None = None) -> int:
    """Make the world in each service that has none yet; how many services were filled."""
    empty = [
        runtime
        for runtime in host.runtimes.values()
        if runtime.service.seed and not await ever_noted(runtime.database, SEEDED)
    ]
    if not empty:
        return 0
    today = host.topology.clock.today()
    world = list(synthetic_people(people, seed=seed, today=today, managers=MANAGERS))
    with _progress(console) as progress:
        for runtime in empty:
            await _fill(runtime, world, progress, f"{people} people, seed {seed}")
    return len(empty)


async def _fill(runtime: Runtime, world: list[SyntheticPerson], progress: Progress, detail: str) -> None:
    assert runtime.service.seed is not None
    task = progress.add_task(f"making the world in {runtime.name}", total=len(world))
    await runtime.service.seed(runtime.context(), world, lambda done: progress.advance(task, done))
    progress.update(task, completed=len(world))
    await note_done(runtime.database, SEEDED, detail)


def _progress(console: Console | None) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console or Console(quiet=True), transient=True,
    )  # fmt: skip
