"""Waking by NOTIFY: one connection that listens, watched, and replaced when it is lost. Who waits polls as well."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import asyncpg

from throughcare.kit.telemetry.logs import get_logger

OUTBOX, CLOCK = "throughcare_outbox", "throughcare_clock"
CONNECT_SECONDS = 10.0
WATCH_SECONDS = 10.0
ANSWER_SECONDS = 5.0
RETRY_SECONDS = (0.05, 0.5)

log = get_logger(__name__)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Hear: TypeAlias = Callable[[str], None]


class Listener:
    """Calls back with the payload of each notification on a channel.

    An empty payload tells everybody to look: the connection is new, or was lost, and something may have been missed.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._callbacks: dict[str, list[Hear]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def to(cls, dsn: str, name: str) -> Listener:
        """A listener on the database at ``dsn`` that PostgreSQL knows as ``name``."""

        async def connect() -> Connection:
            settings = {"application_name": name}
            return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, command_timeout=10, server_settings=settings)

        return cls(connect)

    def on(self, channel: str, callback: Hear) -> None:
        """Call ``callback(payload)`` for each notification; register before ``start``."""
        self._callbacks[channel].append(callback)

    async def start(self) -> None:
        """Listen from now on. Raises what connecting raises."""
        connection = await self._attach()
        self._task = asyncio.create_task(self._keep(connection), name="listener")

    async def close(self) -> None:
        """Stop listening; safe to call twice."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _attach(self) -> Connection:
        connection = await self._connect()
        try:
            for channel in self._callbacks:
                await connection.add_listener(channel, self._hear)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _keep(self, connection: Connection) -> None:
        delay = RETRY_SECONDS[0]
        self._wake_all()
        while True:
            try:
                await self._watch(connection)
                self._wake_all()
                connection = await self._attach()
                delay = RETRY_SECONDS[0]
                self._wake_all()
            except Exception as error:  # whatever it is, waiters poll meanwhile
                log.warning("listener lost", labels={"error": type(error).__name__})
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

    def _hear(self, _connection: object, _pid: object, channel: str, payload: object) -> None:
        for callback in self._callbacks[channel]:
            callback(str(payload))

    def _wake_all(self) -> None:
        for callbacks in self._callbacks.values():
            for callback in callbacks:
                callback("")
