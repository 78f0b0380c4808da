"""How long one waits for the command line to say what it can do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.frame import Benchmark, Beside, Budget, Figure
from benchmarks.ground import ROOT, clean_environment

ROUNDS = 9
WHAT = """
`throughcare --help` as a process, from start to end. Beside it stands a Python process that does nothing.
"""


def measure(_folder: Path) -> list[Figure]:
    """Seconds until the help has been printed."""
    ours: list[float] = []
    nothing: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_seconds("-m", "throughcare", "--help"))
        nothing.append(_seconds("-c", ""))
    return [Figure("throughcare --help", "s", ours, Beside("python -c ''", nothing), Budget(0.3, at_most=True))]


def _seconds(*arguments: str) -> float:
    started = perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL, check=True
    )
    return perf_counter() - started


BENCHMARK = Benchmark("help", WHAT, measure)
