"""The whole system as a process: started, interrupted, killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest

from throughcare.cli.free_port import free_port

pytestmark = pytest.mark.long

Start = Callable[[], "Up"]


class Up:
    """``throughcare up`` in a session of its own, as a terminal starts it."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.said = data.with_name(f"said on {self.port}")
        command = [sys.executable, "-m", "throughcare", "up", "--port", str(self.port), "--data", str(data)]
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [*command, "--people", "5"], stdout=said, stderr=said, start_new_session=True
            )

    def ready(self) -> Up:
        until = monotonic() + 120
        while "Ctrl-C stops everything" not in self.said.read_text():
            assert self.process.poll() is None, self.said.read_text()
            assert monotonic() < until, self.said.read_text()
            sleep(0.1)
        return self

    def end(self, how: signal.Signals) -> int:
        os.killpg(self.process.pid, how)
        return self.process.wait(60)

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", timeout=10, trust_env=False)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun: list[Up] = []

    def up() -> Up:
        begun.append(Up(tmp_path / "a folder" / "data"))
        return begun[-1]

    (tmp_path / "a folder").mkdir()
    yield up
    for one in begun:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def running_in(folder: Path) -> list[str]:
    """The commands of processes that name the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command:
            found.append(command)
    return found


@pytest.mark.slow
def test_it_survives_being_killed_and_an_interrupt_leaves_its_data_and_no_process(start: Start, tmp_path: Path) -> None:
    first = start().ready()
    assert first.get("/prison-api/health").json()["status"] == "UP"
    assert first.get("/health/readiness").status_code == 200
    assert "making the world in prison" in first.said.read_text()
    keys = first.get("/auth/.well-known/jwks.json").json()
    first.end(signal.SIGKILL)

    second = start().ready()
    assert second.get("/auth/.well-known/jwks.json").json() == keys
    assert "making the world" not in second.said.read_text()
    assert second.end(signal.SIGINT) == 0
    assert "the data is kept in" in second.said.read_text()
    assert running_in(tmp_path) == []
