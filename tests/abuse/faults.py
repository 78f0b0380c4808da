"""What goes wrong, and when: at points of the load that the seed chooses, so that a run can be repeated."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.abuse.outside import refuse
from tests.abuse.system import System

CLOCK, QUEUE_AWAY, QUEUE_BACK = "five-minute window", "consumer's queue", "consumer's queue back"
WINDOW_MINUTES = 6


@dataclass(frozen=True)
class Plan:
    """How often each thing happens."""

    worker_kills: int
    web_kills: int
    restarts: int
    windows: int = 8

    def at(self, chance: random.Random, changes: int) -> list[tuple[int, str]]:
        """Each fault with the number of accepted changes at which it is due."""
        names = ["worker"] * self.worker_kills + ["web"] * self.web_kills
        names += ["database" if place % 2 else "database crash" for place in range(self.restarts)]
        chance.shuffle(names)
        points = chance.sample(range(changes // 50, changes - changes // 50), len(names))
        apart = changes // (self.windows + 1)
        ticks = [(place * apart, CLOCK) for place in range(1, self.windows + 1)]
        queue = [(changes * 2 // 10, QUEUE_AWAY), (changes * 7 // 10, QUEUE_BACK)]
        return sorted([*zip(points, names, strict=True), *ticks, *queue])


@dataclass
class Faults:
    """Carries the plan out while the load runs."""

    system: System
    chance: random.Random
    due: list[tuple[int, str]]
    advance: Callable[[int], Awaitable[None]]
    happened: dict[str, int] = field(default_factory=dict)
    _progress: asyncio.Event = field(default_factory=asyncio.Event)
    _done: int = 0

    def progress(self, done: int) -> None:
        """The load has come this far."""
        self._done = done
        self._progress.set()

    async def run(self) -> None:
        """Let each fault happen when it is due, one after another."""
        for point, name in self.due:
            while self._done < point:
                self._progress.clear()
                await self._progress.wait()
            await self._kinds[name]()
            self.happened[name] = self.happened.get(name, 0) + 1

    @property
    def _kinds(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "worker": self._kill_worker,
            "web": self._kill_web,
            "database": lambda: self.system.restart_database(crash=False),
            "database crash": lambda: self.system.restart_database(crash=True),
            CLOCK: lambda: self.advance(WINDOW_MINUTES),
            QUEUE_AWAY: lambda: refuse(self.system.dsn, on=True),
            QUEUE_BACK: lambda: refuse(self.system.dsn, on=False),
        }

    async def _kill_worker(self) -> None:
        victim = self.chance.choice(self.system.workers)
        victim.kill()
        await victim.start()

    async def _kill_web(self) -> None:
        self.system.web.kill()
        await self.system.web.start()
