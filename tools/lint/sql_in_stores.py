"""SQL stands in stores, views, migrations and the kit alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

TOOLKITS = frozenset({"sqlalchemy", "asyncpg", "psycopg"})
HOMES = frozenset({"store.py", "views.py"})


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """SQL toolkits and drivers imported elsewhere in the product."""
    for source in sources:
        if not source.is_python or not source.inside("src") or _may(source):
            continue
        for module, line in source.imports():
            if module.partition(".")[0] in TOOLKITS:
                advice = f"{module} belongs in store.py or views.py: ask one of them"
                yield Finding(source.path, line, "sql-in-stores", advice)


def _may(source: Source) -> bool:
    return source.inside("src/throughcare/kit") or source.parts[-1] in HOMES or "migrations" in source.parts
