"""Time comes from ``kit.clock`` and ids from ``kit.ids``, so that tests and demonstrations can set them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

HOMES = ("src/throughcare/kit/clock.py", "src/throughcare/kit/ids.py")
TIMES = frozenset({"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"})
IDS = frozenset({"uuid1", "uuid4", "uuid6", "uuid7"})


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Other sources of time and ids in the product."""
    for source in sources:
        if not source.is_python or not source.inside("src") or source.path in HOMES:
            continue
        for node in ast.walk(source.tree):
            advice = _advice(node)
            if advice:
                yield Finding(source.path, getattr(node, "lineno", 1), "time-and-ids", advice)


def _advice(node: ast.AST) -> str | None:
    if isinstance(node, ast.ImportFrom) and node.module in {"time", "uuid", "uuid_utils"}:
        names = {alias.name for alias in node.names}
        return _about("time.time" if "time" in names and node.module == "time" else next(iter(names & IDS), ""))
    if isinstance(node, ast.Attribute):
        return _about(node.attr if node.attr in IDS else ".".join(ast.unparse(node).split(".")[-2:]))
    return None


def _about(name: str) -> str | None:
    if name in TIMES:
        return f"{name}: business time is the clock's now(), real time is throughcare.kit.clock.real_now()"
    if name in IDS:
        return f"{name}: take throughcare.kit.ids.new_id()"
    return None
