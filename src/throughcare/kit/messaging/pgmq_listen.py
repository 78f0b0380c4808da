"""Wakes those who wait for a queue: one LISTEN connection per bus, watched, replaced when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeAlias

import asyncpg

from throughcare.kit.telemetry.logs import get_logger

CHANNEL = "throughcare_bus"
WATCH_SECONDS = 10.0
ANSWER_SECONDS = 5.0
RETRY_SECONDS = (0.05, 0.5)

log = get_logger(__name__)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Listener:
    """Hears which queues were sent to. Who waits polls as well, so that a lost connection costs seconds."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen from now on. Raises what connecting raises."""
        connection = await self._attach()
        self._task = asyncio.create_task(self._keep(connection), name="bus listener")

    async def close(self) -> None:
        """Stop listening and wake everyone who waits."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._wake_all()

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

    async def _attach(self) -> Connection:
        connection = await self._connect()
        try:
            await connection.add_listener(CHANNEL, self._hear)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _keep(self, connection: Connection) -> None:
        delay = RETRY_SECONDS[0]
        while True:
            try:
                await self._watch(connection)
                self._wake_all()
                connection = await self._attach()
                delay = RETRY_SECONDS[0]
                self._wake_all()
            except Exception as error:  # whatever it is, waiters poll meanwhile
                log.warning("bus listener lost", labels={"error": type(error).__name__})
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_SECONDS[1])

    async def _watch(self, connection: Connection) -> None:
        """Return when ``connection`` was lost or did not answer in time."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        try:
            while not (connection.is_closed() or lost.is_set()):
                try:
                    await asyncio.wait_for(lost.wait(), WATCH_SECONDS)
                except TimeoutError:
                    await connection.fetchval("select 1", timeout=ANSWER_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return
        finally:
            connection.terminate()

    def _hear(self, _connection: object, _pid: object, _channel: object, queue: object) -> None:
        for woken in self._waiting.get(str(queue), ()):
            woken.set()

    def _wake_all(self) -> None:
        for events in self._waiting.values():
            for woken in events:
                woken.set()
