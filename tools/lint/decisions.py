"""A decision is a numbered page of at most 60 lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

LONGEST = 60
NAME = re.compile(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md")


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Decisions without a number, with another's number, or too long."""
    taken: dict[str, str] = {}
    for source in sources:
        if not source.inside("docs/decisions"):
            continue
        named = NAME.fullmatch(source.parts[-1])
        if named is None:
            yield Finding(source.path, 1, "decisions", "name it NNNN-what-was-decided.md")
        elif named[1] in taken:
            yield Finding(source.path, 1, "decisions", f"{taken[named[1]]} has this number: take the next")
        else:
            taken[named[1]] = source.parts[-1]
        if len(source.lines) > LONGEST:
            advice = f"{len(source.lines)} lines, at most {LONGEST}: keep to what was decided and why"
            yield Finding(source.path, LONGEST + 1, "decisions", advice)
