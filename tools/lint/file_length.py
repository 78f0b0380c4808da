"""A Python file has at most 400 lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

LONGEST = 400


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Files that are too long."""
    for source in sources:
        length = len(source.lines)
        if source.is_python and length > LONGEST:
            advice = f"{length} lines, at most {LONGEST}: split it by what it is about"
            yield Finding(source.path, LONGEST + 1, "file-length", advice)
