"""A whole system in a process of its own, started as a user starts it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from throughcare.cli.demo import answers, stop
from throughcare.cli.free_port import free_port
from throughcare.kit.clock import real_now

COMMAND = [sys.executable, "-m", "throughcare"]
CLOCK = "2024-03-04T12:00:00Z"
START_SECONDS, DEMO_SECONDS = 180, 240


@dataclass(frozen=True)
class Site:
    """Its address, its data, and what ``throughcare demo`` printed last in each run on it."""

    url: str
    folder: Path
    demonstrations: list[str]


@contextmanager
def started(*, people: int = 30, demonstrations: int = 1) -> Iterator[Site]:
    """A system with a data folder of its own, the journey performed on it so many times."""
    with tempfile.TemporaryDirectory(prefix="throughcare site ") as made:
        folder = Path(made)
        with running_system(folder, people=people) as url:
            yield Site(url, folder, [demonstration(folder) for _ in range(demonstrations)])


@contextmanager
def running_system(folder: Path, *, people: int) -> Iterator[str]:
    """The address of a system on the data in ``folder``, on a free port, its clock settable."""
    port = free_port()
    url = f"http://localhost:{port}"
    arguments = ["up", "--port", str(port), "--data", str(folder), "--people", str(people), "--clock", CLOCK]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "up.txt").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen([*COMMAND, *arguments], stdout=said, stderr=said, text=True)
        try:
            _wait(process, url)
            yield url
        finally:
            stop(process)


def demonstration(folder: Path, *options: str) -> str:
    """The last line that ``throughcare demo`` prints. Raises AssertionError unless it ends well."""
    command = [*COMMAND, "demo", "--data", str(folder), *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=DEMO_SECONDS, check=False)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout.strip().splitlines()[-1]


def _wait(process: subprocess.Popen[str], url: str) -> None:
    deadline = real_now().timestamp() + START_SECONDS
    while not answers(url):
        assert process.poll() is None, "the system did not start"
        assert real_now().timestamp() < deadline, "the system did not answer in time"
        with_patience = subprocess.run(["sleep", "0.2"], check=True)
        assert with_patience.returncode == 0
