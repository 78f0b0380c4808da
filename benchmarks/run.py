"""Runs the measurements one after another, each in a folder of its own that is gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    command_line,
    consume,
    integration,
    interventions,
    pages,
    reaction,
    relay,
    requests,
    search,
    start,
)
from benchmarks.frame import Benchmark, Result
from benchmarks.ground import clean_environment
from benchmarks.machine import describe
from benchmarks.page import as_json, rows, write

BENCHMARKS = {
    one.BENCHMARK.name: one.BENCHMARK
    for one in (reaction, relay, consume, integration, interventions, pages, requests, search, start, command_line)
}
PAGE = "docs/performance.md"


class UnknownBenchmark(LookupError):
    """There is no measurement of that name."""


def run(root: Path, names: Sequence[str], say: Callable[[str], None]) -> dict[str, object]:
    """Take the named measurements, or all and write the page under ``root``; the figures. Raises UnknownBenchmark."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise UnknownBenchmark(f"there is no measurement {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    for name in set(os.environ) - set(clean_environment()):
        del os.environ[name]
    machine = describe(root)
    results: list[Result] = []
    for name in names or BENCHMARKS:
        results.append(_measure(BENCHMARKS[name]))
        for row in rows(results[-1].figures):
            say(" · ".join(cell for cell in row if cell))
    if not names:
        (root / PAGE).write_text(write(results, machine), encoding="utf-8")
        say(f"written to {PAGE}")
    return as_json(results, machine)


def _measure(benchmark: Benchmark) -> Result:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="throughcare-bench-") as folder:
        return Result(benchmark, benchmark.measure(Path(folder)), load)
