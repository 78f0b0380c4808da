"""A function of the product has at most 40 lines, its docstring among them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

LONGEST = 40


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Functions that are too long."""
    for source in sources:
        if not source.is_python or not source.inside("src", "tools"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST:
                    advice = f"{node.name} has {length} lines, at most {LONGEST}: give its steps names"
                    yield Finding(source.path, node.lineno, "function-length", advice)
