"""Waking by NOTIFY: one connection for a whole process, repaired when it breaks, and never the only way to wake."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable

import asyncpg

from throughcare.kit.telemetry.logs import get_logger

log = get_logger(__name__)

OUTBOX, CLOCK = "throughcare_outbox", "throughcare_clock"
CHECK_SECONDS = 15.0


class Listener:
    """Calls back with the payload of each notification on a channel."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._callbacks: dict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None

    def on(self, channel: str, callback: Callable[[str], None]) -> None:
        """Call ``callback(payload)`` for each notification; register before ``start``."""
        self._callbacks[channel].append(callback)

    def start(self) -> None:
        """Begin to listen, in the background."""
        self._task = asyncio.create_task(self._run(), name="listener")

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("listener lost its connection", labels={"error": type(error).__name__})
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(
            self._dsn, timeout=10, command_timeout=10, server_settings={"application_name": "throughcare-listener"}
        )
        try:
            for channel in self._callbacks:
                await connection.add_listener(channel, self._hear)
            for channel in self._callbacks:
                self._call(channel, "")
            while True:
                await asyncio.sleep(CHECK_SECONDS)
                await connection.execute("select 1")
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=2)

    def _hear(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        self._call(channel, str(payload))

    def _call(self, channel: str, payload: str) -> None:
        """An empty payload tells everybody to look, after the connection was away."""
        for callback in self._callbacks[channel]:
            callback(payload)
