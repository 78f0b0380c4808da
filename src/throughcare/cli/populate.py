"""Fills an empty system with the synthetic world, the same in every service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from throughcare.kit.db.install import HISTORIES, SEEDING
from throughcare.kit.host import Host
from throughcare.kit.jobs import once
from throughcare.kit.runtime import Runtime
from throughcare.kit.service import Happening
from throughcare.seeding.accounts import MANAGERS
from throughcare.seeding.people import SyntheticPerson, synthetic_people

A_WHILE = timedelta(hours=20)
_NOTE = re.compile(r"(\d+) people, seed (\d+)(?:, as of (\d{4}-\d{2}-\d{2}))?")


@dataclass(frozen=True)
class World:
    """What a world grows from: the same three facts make the same people in every service."""

    people: int
    seed: int
    today: date

    def __str__(self) -> str:
        return f"{self.people} people, seed {self.seed}, as of {self.today}"

    @classmethod
    def noted(cls, text: str, today: date) -> Self | None:
        """The world that a note speaks of; one without a day is of ``today``."""
        found = _NOTE.fullmatch(text)
        if found is None:
            return None
        day = date.fromisoformat(found[3]) if found[3] else today
        return cls(int(found[1]), int(found[2]), day)


async def populate_if_empty(host: Host, people: int, *, seed: int = 1, console: Console | None = None) -> int:
    """Make the world in each service that has none yet; how many services were filled.

    Where other services have a world already, theirs is made whatever is asked for, since all must agree.
    """
    said = console or Console(quiet=True)
    today = host.topology.clock.today()
    notes = [(one, await once.done(one.database, SEEDING)) for one in host.runtimes.values() if one.service.seed]
    empty = [runtime for runtime, note in notes if note is None]
    if not empty:
        return 0
    asked = World(people, seed, today)
    known = [world for _, note in notes if note is not None and (world := World.noted(note, today))]
    world = known[0] if known else asked
    if (world.people, world.seed) != (asked.people, asked.seed):
        said.print(f"going on with the world that was begun: {world}")
    with said.status(f"imagining {world.people} people"):
        everybody = list(synthetic_people(world.people, seed=world.seed, today=world.today, managers=MANAGERS))
    with _progress(said) as progress:
        for runtime in empty:
            if not said.is_terminal:
                said.print(f"making the world in {runtime.name}")
            await _fill(runtime, everybody, progress, str(world))
        if not known:
            await _live(host, everybody, progress, str(world))
    return len(empty)


async def _fill(runtime: Runtime, world: list[SyntheticPerson], progress: Progress, note: str) -> None:
    assert runtime.service.seed is not None
    task = progress.add_task(f"making the world in {runtime.name}", total=len(world))
    await once.begin(runtime.database, SEEDING, note)
    await runtime.service.seed(runtime.context(), world, lambda done: progress.advance(task, done))
    await once.finish(runtime.database, SEEDING)
    progress.update(task, completed=len(world))


async def _live(host: Host, world: list[SyntheticPerson], progress: Progress, note: str) -> None:
    """Have people do what they did up to now, each thing at its own business time, and let its consequences follow.

    Whatever a service does of this concerns others too: broken off in the middle, it is made anew in all of them.
    """
    histories = [(one, one.service.histories) for one in host.runtimes.values() if one.service.histories]
    happenings = [each for one, history in histories for each in history(one.context(), world)]
    if not happenings:
        return
    for one in host.runtimes.values():
        await once.begin(one.database, HISTORIES, note)
    await _relive(host, sorted(happenings, key=lambda each: each.at), progress)
    for one in host.runtimes.values():
        await once.finish(one.database, HISTORIES)


async def _relive(host: Host, happenings: Sequence[Happening], progress: Progress) -> None:
    task = progress.add_task("living through what happened since", total=len(happenings))
    clock = host.topology.clock
    kept, latest = (clock.offset, clock.frozen_at), happenings[0].at
    try:
        for each in happenings:
            if each.at - latest >= A_WHILE:
                await host.drain()
            latest = each.at
            clock.set(each.at)
            await each.act()
            progress.advance(task)
        await host.drain()
    finally:
        clock.offset, clock.frozen_at = kept
    await host.drain()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console,
        transient=True,
    )  # fmt: skip
