"""A module is named after what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from tools.lint.tree import Finding, Source

SAY_NOTHING = frozenset({"common", "utils", "helpers", "base"})


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Modules and packages with a name that says nothing."""
    for source in sources:
        if source.is_python:
            parts = PurePosixPath(source.path).with_suffix("").parts
            for name in sorted(SAY_NOTHING & set(parts)):
                yield Finding(source.path, 1, "module-names", f"'{name}' says nothing: name what it is about")
