"""Who waits for which queue of the PostgreSQL bus, woken by the bus's notifications."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator

CHANNEL = "throughcare_bus"


class Waiting:
    """Wakes those who wait for a queue. They poll as well, so that a lost notification costs seconds."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    @contextlib.contextmanager
    def watching(self, queue: str) -> Iterator[asyncio.Event]:
        """An event that is set when ``queue`` was sent to, and when the connection was lost or replaced."""
        woken = asyncio.Event()
        self._waiting[queue].add(woken)
        try:
            yield woken
        finally:
            self._waiting[queue].discard(woken)
            if not self._waiting[queue]:
                del self._waiting[queue]

    def wake(self, queue: str) -> None:
        """Wake who waits for ``queue``, or everybody when it is empty."""
        queues = [queue] if queue else list(self._waiting)
        for one in queues:
            for woken in self._waiting.get(one, ()):
                woken.set()
