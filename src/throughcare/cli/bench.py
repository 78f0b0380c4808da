"""``throughcare bench``: measure against the budgets."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from throughcare.cli.errors import CommandError

ROOT = Path(__file__).resolve().parents[3]


def bench(names: Sequence[str], *, as_json: bool, root: Path = ROOT) -> None:
    """Take the named measurements, or all of them and write ``docs/performance.md``. Raises CommandError."""
    if not (root / "benchmarks" / "run.py").is_file():
        raise CommandError("`bench` needs the source tree, which holds what is measured: run `make bench` there")
    sys.path.insert(0, str(root))
    run = import_module("benchmarks.run")
    try:
        found = run.run(root, names, (lambda line: print(line, file=sys.stderr)) if as_json else print)
    except run.UnknownBenchmark as error:
        raise CommandError(str(error.args[0])) from None
    if as_json:
        print(json.dumps(found, indent=2))
