"""Every feature of a service uses the same nine file names, and only those that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

SERVICES = "src/throughcare/services"
NINE = ("routes", "reactions", "jobs", "usecases", "store", "views", "schemas", "events", "model")
NAMES = frozenset({"__init__.py", *(f"{name}.py" for name in NINE)})
NO_FEATURES = frozenset({"peers", "dev", "migrations"})


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """Code in a feature's folder under another name, or nested deeper."""
    for source in sources:
        if not source.is_python or not source.inside(SERVICES):
            continue
        _service, *inner = source.parts[3:]
        if len(inner) < 2 or inner[0] in NO_FEATURES:
            continue
        if len(inner) > 2 or inner[1] not in NAMES:
            advice = f"a feature has only {', '.join(NINE)}: move this into one of them or into another feature"
            yield Finding(source.path, 1, "feature-files", advice)
