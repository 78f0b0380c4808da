"""The system as real processes on loopback, each of which may be killed at any moment."""

from __future__ import annotations

import asyncio
import os
import secrets as random_secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Self

import asyncpg

from tests.abuse import outside
from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.free_port import free_port, listening
from throughcare.cli.populate import populate_if_empty
from throughcare.kit.db import shared_clock
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.db.install import install
from throughcare.kit.host import Host
from throughcare.kit.settings import Secrets

CLOCK = datetime(2024, 3, 4, 12, tzinfo=UTC)
PEOPLE = 20
START_SECONDS = 90.0
PAUSE_SECONDS = 0.05


class Child:
    """One process of the system; it can be started again after a kill, on the same port."""

    def __init__(self, name: str, verb: str, port: int, environment: dict[str, str], folder: Path) -> None:
        self.name, self.port = name, port
        self._command = [sys.executable, "-m", "throughcare", verb, *catalogue.PACKAGES, "--port", str(port)]
        self._environment, self._log = environment, folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it listens. Raises RuntimeError when it does not."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
        await until(lambda: listening(self.port), f"{self.name} did not start: see {self._log}", self._ended)

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is given back."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


class System:
    """PostgreSQL that survives its own crash, one process that serves every API, and workers beside it."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        root, port = random_secrets.token_urlsafe(48), free_port()
        self.secrets, self.base_url = Secrets(root), f"http://127.0.0.1:{port}"
        self._postgres = EmbeddedPostgres(folder / "postgres", die_with_parent=True)
        self.dsn = self._postgres.start()
        environment = {
            **os.environ, "DATABASE_URL": self.dsn, "THROUGHCARE_SECRET": root,
            "THROUGHCARE_BASE_URL": self.base_url, "THROUGHCARE_BUS": "pgmq",
        }  # fmt: skip
        self.web = Child("web", "serve", port, environment, folder)
        self.workers = [
            Child(f"worker-{place}", "work", free_port(), environment, folder) for place in range(1, workers + 1)
        ]

    async def __aenter__(self) -> Self:
        try:
            await self._prepare()
            await asyncio.gather(*(one.start() for one in (self.web, *self.workers)))
        except BaseException:
            self._stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._stop)

    @property
    def urls(self) -> dict[str, str]:
        """The address of every service."""
        return {one.name: self.base_url + one.path.rstrip("/") for one in catalogue.services()}

    async def restart_database(self, *, crash: bool) -> None:
        """Restart PostgreSQL: in good order, or after a SIGKILL."""
        if crash:
            await asyncio.to_thread(self._postgres.kill)
            await asyncio.to_thread(self._postgres.start)
        else:
            await asyncio.to_thread(self._postgres.restart)

    async def _prepare(self) -> None:
        await install(self.dsn, catalogue.services(), self.secrets)
        connection = await asyncpg.connect(self.dsn)
        await shared_clock.start(connection, CLOCK)
        await connection.close()
        topology = system.make_topology(self.dsn, self.secrets, system.settings(), self.base_url)
        async with Host(catalogue.services(), topology) as host:
            await populate_if_empty(host, PEOPLE)
            await outside.register(host.runtimes["integration"].context())

    def _stop(self) -> None:
        for one in (self.web, *self.workers):
            one.stop()
        self._postgres.stop()


async def until(holds: Callable[[], bool], otherwise: str, over: Callable[[], bool] = lambda: False) -> None:
    """Wait until ``holds``. Raises RuntimeError with ``otherwise`` when it is ``over`` or takes too long."""
    deadline = monotonic() + START_SECONDS
    while not holds():
        if over() or monotonic() > deadline:
            raise RuntimeError(otherwise)
        await asyncio.sleep(PAUSE_SECONDS)
