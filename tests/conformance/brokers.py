"""The servers behind the buses: started, stopped and brought back by the suite."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.messaging.aws import AwsBus
from throughcare.kit.messaging.bus import Bus, Received
from throughcare.kit.messaging.pgmq import PgmqBus, grant, install

ROLE = "throughcare_bus"
EMULATOR = Path(__file__).with_name("emulator.py")


class Broker(Protocol):
    """Where a bus keeps its messages."""

    name: str
    keeps_messages: bool

    def bus(self) -> Bus:
        """A bus on this broker, not started."""

    def body(self, message: Received) -> str:
        """What was published, out of what was received."""

    async def bring_up(self) -> None:
        """Start the server."""

    def take_down(self) -> None:
        """Stop the server; connections break."""


class PostgresBroker:
    """PostgreSQL of its own, with the bus installed and its role."""

    name = "pgmq"
    keeps_messages = True

    def __init__(self, folder: Path) -> None:
        self._server = EmbeddedPostgres(folder, fast_for_tests=True, die_with_parent=True)
        self.owner_dsn = ""

    def bus(self) -> Bus:
        """A bus that connects as the bus's role."""
        parts = urlsplit(self.owner_dsn)
        return PgmqBus(urlunsplit(parts._replace(netloc=f"{ROLE}@")))

    def body(self, message: Received) -> str:
        """The body itself."""
        return message.body

    async def bring_up(self) -> None:
        """Start the server and install the bus, which the second time changes nothing."""
        self.owner_dsn = await asyncio.to_thread(self._server.start)
        owner = await asyncpg.connect(self.owner_dsn)
        try:
            if not await owner.fetchval("select exists (select from pg_roles where rolname = $1)", ROLE):
                await owner.execute(f"create role {ROLE} login")
            await install(owner)
            await grant(owner, ROLE)
        finally:
            await owner.close()

    def take_down(self) -> None:
        """Stop the server; sessions end."""
        self._server.stop()

    async def terminate_connections(self) -> int:
        """End every session of the bus's role; how many."""
        return len(await self._sessions("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1"))

    async def listeners(self) -> int:
        """How many sessions of the bus's role listen."""
        return len(
            await self._sessions("select pid from pg_stat_activity where usename = $1 and query ilike 'listen %'")
        )

    async def _sessions(self, statement: str) -> list[asyncpg.Record]:
        owner = await asyncpg.connect(self.owner_dsn)
        try:
            return await owner.fetch(statement, ROLE)
        finally:
            await owner.close()


class EmulatorBroker:
    """SNS and SQS emulated in a process of its own; it forgets everything when it ends."""

    name = "aws"
    keeps_messages = False

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None

    def bus(self) -> Bus:
        """A bus on the emulator."""
        return AwsBus("eu-west-2", f"http://127.0.0.1:{self._port}", "conformance-")

    def body(self, message: Received) -> str:
        """What SNS wrapped."""
        return str(json.loads(message.body)["Message"])

    async def bring_up(self) -> None:
        """Start the emulator and wait until it says that it serves."""
        self._process = await asyncio.to_thread(_serving, self._port)

    def take_down(self) -> None:
        """Kill the emulator."""
        process, self._process = self._process, None
        if process is not None:
            with process:
                process.kill()


def _serving(port: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(EMULATOR), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process
