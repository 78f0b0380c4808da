"""Nobody commits by hand: leaving a unit of work does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Calls of a method ``commit`` outside ``kit/db``."""
    for source in sources:
        if not source.is_python or not source.inside("src") or source.inside("src/throughcare/kit/db"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                advice = "leave the unit of work ('async with uow:') and it commits"
                yield Finding(source.path, node.lineno, "no-commit", advice)
