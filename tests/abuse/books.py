"""Books compared as sets: what was owed against what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Books = Counter[tuple[str, str]]
T = TypeVar("T")
UNKNOWN = "?"


@dataclass(frozen=True)
class Line:
    """One comparison: how many were owed, how many were found, which are missing and which are too many."""

    what: str
    owed: int
    found: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether both sides agree."""
        return not self.missing and not self.surplus


def compare(what: str, owed: Books, found: Books) -> Line:
    """``owed`` against ``found``, each entry as often as it stands there.

    An accepted change whose name the client never learnt may be any entry of its kind that nobody else claims.
    """
    missing, surplus = owed - found, found - owed
    for kind, key in [one for one in missing if one[1] == UNKNOWN]:
        claimed = [one for one in surplus if one[0] == kind][: missing[kind, key]]
        surplus -= Counter(claimed)
        missing[kind, key] -= len(claimed)
    missing = +missing
    return Line(what, owed.total(), found.total(), _named(missing), _named(surplus))


def _named(entries: Books) -> tuple[str, ...]:
    return tuple(f"{kind} {key}" for kind, key in sorted(entries.elements()))


async def reading(dsn: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    """What ``work`` reads from the database as its owner."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        return await work(connection)
    finally:
        await connection.close()
