"""The product names no package registry and no folder of a particular machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

REFUSED = {
    re.compile(r"\bpypi[.]org|python[h]osted[.]org|npm[j]s[.](?:org|com)|npm[m]irror[.]com|crates[.]io", re.I): (
        "names a package registry: leave the choice to the user's own settings"
    ),
    re.compile(r"/[w]ork/|/[f]arm/"): "names a folder of one machine: say it relative to the repository",
}


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Lines with a refused word."""
    for source in sources:
        for number, line in enumerate(source.lines, start=1):
            for pattern, advice in REFUSED.items():
                if pattern.search(line):
                    yield Finding(source.path, number, "words", advice)
