"""How long the whole system takes to start, and how much memory it keeps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx2

from benchmarks.frame import Benchmark, Budget, Figure
from benchmarks.ground import ROOT, clean_environment, forget
from throughcare import catalogue
from throughcare.cli.free_port import free_port
from throughcare.kit.db.embedded import EmbeddedPostgres

ROUNDS, IDLE_SECONDS, PATIENCE = 3, 60.0, 120.0
WHAT = f"""
`throughcare up` in an empty data folder, with a new PostgreSQL, every migration and 300 synthetic people; then stopped
and started again on the same data. The time runs from the command until `/health` of every service says UP. Memory is
the resident memory of all its processes but PostgreSQL's, {IDLE_SECONDS:.0f} seconds after the last start, when it did
nothing but wait and look after itself.
"""


def measure(folder: Path) -> list[Figure]:
    """Seconds of a first and of a warm start, and MB when idle."""
    first: list[float] = []
    warm: list[float] = []
    memory = 0.0
    for number in range(ROUNDS):
        data = folder / str(number)
        with _running(data) as (_, seconds):
            first.append(seconds)
        with _running(data) as (process, seconds):
            warm.append(seconds)
            if number == ROUNDS - 1:
                sleep(IDLE_SECONDS)
                memory = resident_mb(process.pid)
        forget(EmbeddedPostgres(data / "postgres"))
    return [
        Figure("throughcare up, first time", "s", first, budget=Budget(30, at_most=True)),
        Figure("throughcare up, warm", "s", warm, budget=Budget(8, at_most=True)),
        Figure("memory of the idle system, PostgreSQL apart", "MB", [memory], budget=Budget(350, at_most=True)),
    ]


@contextmanager
def _running(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The system on ``data`` once every service is healthy, and the seconds that this took."""
    port = free_port()
    command = [sys.executable, "-m", "throughcare", "up", "--port", str(port), "--data", str(data)]
    started = monotonic()
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=log, stderr=log)
    try:
        waiting = [f"http://127.0.0.1:{port}{one.path.rstrip('/')}/health" for one in catalogue.services()]
        with httpx2.Client(timeout=5, trust_env=False) as client:
            while waiting:
                if process.poll() is not None or monotonic() - started > PATIENCE:
                    said = (data.parent / f"{data.name}.log").read_text("utf-8").splitlines()
                    raise RuntimeError(f"not healthy: {', '.join(waiting)}; it said at last: {said[-1:]}")
                waiting = [url for url in waiting if not _healthy(client, url)]
                sleep(0.05)
        yield process, monotonic() - started
    finally:
        process.terminate()
        process.wait(60)


def _healthy(client: httpx2.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx2.TransportError:
        return False


def resident_mb(pid: int) -> float:
    """Resident memory in MB of a process and those that it started, PostgreSQL's servers left out."""
    if Path(f"/proc/{pid}/comm").read_text("utf-8").strip() == "postgres":
        return 0.0
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6
    children = {int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in _words(task / "children")}
    return own + sum(resident_mb(child) for child in children)


def _words(path: Path) -> list[str]:
    return path.read_text("utf-8").split()


BENCHMARK = Benchmark("start", WHAT, measure)
