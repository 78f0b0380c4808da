"""The whole system as one process per service, over TCP, SNS and SQS: what production looks like, on one machine."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.demo import answers, stop
from throughcare.cli.errors import CommandError
from throughcare.cli.free_port import free_port, listening
from throughcare.cli.populate import populate_if_empty
from throughcare.kit.db import shared_clock
from throughcare.kit.host import Host
from throughcare.kit.settings import Secrets

START_SECONDS = 300.0
PEOPLE = 100


@contextmanager
def running_apart(folder: Path, secrets: Secrets, clock: str) -> Iterator[tuple[Mapping[str, str], str]]:
    """Each service in its own process for as long as the block lasts: base URLs, and the pages' callback."""
    ports = {name: free_port() for name in catalogue.PACKAGES}
    urls = {one.name: f"http://127.0.0.1:{ports[one.name]}{one.path.rstrip('/')}" for one in catalogue.services()}
    given = system.settings()
    started: list[subprocess.Popen[str]] = []
    with system.alone(folder), system.database(folder, given) as dsn:
        asyncio.run(_prepare(dsn, secrets, clock, urls))
        try:
            bus = _start_bus(started)
            environment = {
                **os.environ, "DATABASE_URL": dsn, "THROUGHCARE_SECRET": _root(folder), "THROUGHCARE_BUS": "aws",
                "THROUGHCARE_AWS_ENDPOINT_URL": bus, "THROUGHCARE_BASE_URL": urls["ui"],
                "THROUGHCARE_PEER_URLS": json.dumps(urls), "AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo",
            }  # fmt: skip
            started.extend(_start(name, ports[name], environment, folder) for name in catalogue.PACKAGES)
            _wait(started, urls, folder)
            yield urls, f"{urls['ui']}/sign-in/callback"
        finally:
            for process in reversed(started):
                process.terminate()
            for process in reversed(started):
                stop(process)


def _root(folder: Path) -> str:
    return os.environ.get("THROUGHCARE_SECRET") or (folder / "secret").read_text(encoding="utf-8")


async def _prepare(dsn: str, secrets: Secrets, clock: str, urls: Mapping[str, str]) -> None:
    await system.bring_up_to_date(dsn, catalogue.services(), secrets, bus=True)
    await shared_clock.begin(dsn, datetime.fromisoformat(clock))
    topology = system.make_topology(dsn, secrets, system.settings(), urls["ui"])
    async with Host(catalogue.services(), topology) as host:
        await populate_if_empty(host, PEOPLE)


def _start_bus(started: list[subprocess.Popen[str]]) -> str:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    try:
        import moto  # noqa: F401
    except ImportError:
        raise CommandError("--apart needs the package moto, which stands in for SNS and SQS: run `make env`") from None
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    started.append(process)
    url = f"http://127.0.0.1:{port}"
    deadline = monotonic() + 30
    while not listening(port):
        if monotonic() > deadline or process.poll() is not None:
            raise CommandError("the stand-in for SNS and SQS did not start")
        sleep(0.1)
    return url


def _start(name: str, port: int, environment: Mapping[str, str], folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "throughcare", "serve", name, "--work", "--port", str(port)]
    logs = folder / "apart"
    logs.mkdir(exist_ok=True)
    with (logs / f"{name}.log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(command, env=dict(environment), stdout=log, stderr=log, text=True)


def _wait(started: list[subprocess.Popen[str]], urls: Mapping[str, str], folder: Path) -> None:
    deadline = monotonic() + START_SECONDS
    waiting = set(urls)
    while waiting:
        waiting = {name for name in waiting if not answers(urls[name])}
        if any(process.poll() is not None for process in started) or monotonic() > deadline:
            raise CommandError(f"did not start: {', '.join(sorted(waiting))}; their logs are in {folder / 'apart'}")
        sleep(0.1)
