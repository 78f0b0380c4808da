"""How many SQL statements a piece of work takes, so that a test can pin it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from throughcare import catalogue
from throughcare.kit.db.database import counting_statements


@contextmanager
def statements_of(service: str) -> Iterator[list[str]]:
    """Collects what this task has ``service`` ask the database, the kit's own statements included.

    The list is filled when the block ends. What peers ask in the same process is left out where it names their tables.
    """
    others = "|".join(name for name in catalogue.PACKAGES if name != service)
    foreign = re.compile(rf"\b(?:{others})\.[a-z_]+\b")
    found: list[str] = []
    with counting_statements() as noted:
        yield found
    found.extend(one for one in noted if not foreign.search(one))
