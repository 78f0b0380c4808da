"""Finds prisoners in the index. Every search begins at an index of the database, never at the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, and_, false, func, or_, select, union

from throughcare.kit.db import Views
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.identity import model as identity
from throughcare.services.prisoner_search.index.store import alias, prisoner
from throughcare.services.prisoner_search.search.model import Gender, Location, NameQuery

OUTSIDE = "OUT"
Numbers = Select[Any] | CompoundSelect[Any]


class SearchViews(Views):
    """Reads documents of those whom a search finds."""

    async def page(
        self, numbers: Numbers, location: Location, *, offset: int, limit: int
    ) -> tuple[list[Document], int]:
        """The documents of those in ``numbers``, by number, and how many there are in all."""
        total = await self.count(counted(numbers, location))
        if not total:
            return [], 0
        rows = await self.all(documents(numbers, location).offset(offset).limit(limit))
        return [row["document"] for row in rows], total


def documents(numbers: Numbers, location: Location = Location.ALL) -> Select[Any]:
    """Select the documents of those in ``numbers`` who are at ``location``, by number."""
    return _joined(numbers, location, prisoner.c.document).order_by(prisoner.c.prisoner_number)


def counted(numbers: Numbers, location: Location = Location.ALL) -> Select[Any]:
    """Select how many of those in ``numbers`` are at ``location``."""
    return _joined(numbers, location, func.count())


def identified(text: str) -> Numbers:
    """Select the numbers of those who have ``text`` as prisoner number, booking id, PNC, CRO or book number."""
    capitals = text.strip().upper()
    same = [
        prisoner.c.prisoner_number == capitals,
        prisoner.c.pnc_key == identity.pnc_key(text),
        prisoner.c.cro_key == identity.cro_key(text),
        prisoner.c.book_number == capitals,
    ]
    if (booking := identity.booking_id(text)) is not None:
        same.append(prisoner.c.booking_id == booking)
    return select(prisoner.c.prisoner_number).where(or_(*same))


def named(query: NameQuery, *, include_aliases: bool, also: Iterable[ColumnElement[bool]] = ()) -> Numbers:
    """Select the numbers of those whose own name, or one alias as a whole, answers the query.

    ``also`` holds conditions on the prisoner themself.
    """
    own = select(prisoner.c.prisoner_number).where(*name_conditions(prisoner, query), *also)
    return union(own, by_alias(query, also=also)) if include_aliases else own


def by_alias(query: NameQuery, *, also: Iterable[ColumnElement[bool]] = ()) -> Select[Any]:
    """Select the numbers of those of whom one alias as a whole answers the query."""
    owner = prisoner.join(alias, alias.c.prisoner_number == prisoner.c.prisoner_number)
    chosen = select(prisoner.c.prisoner_number).select_from(owner).distinct()
    return chosen.where(*name_conditions(alias, query), *also)


def name_conditions(table: Table, query: NameQuery) -> Sequence[ColumnElement[bool]]:
    """What ``table`` (prisoners or aliases) must hold for a name to answer the query: every word given."""
    found: list[ColumnElement[bool]] = []
    first, last = query.first_name_words, query.last_name_words
    for column, words in ((table.c.first_name_words, first), (table.c.last_name_words, last)):
        if words is not None:
            found.append(column.contains(words) if words else false())
    if query.dates_of_birth is not None:
        found.append(table.c.date_of_birth.in_(sorted(query.dates_of_birth)))
    return [*found, *_of_gender(table, query.gender)]


def _joined(numbers: Numbers, location: Location, column: Any) -> Select[Any]:
    """``numbers`` are found first, so that no order of the answer tempts the planner to walk the table."""
    hits = numbers.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
    found = hits.join(prisoner, prisoner.c.prisoner_number == hits.c.prisoner_number)
    return select(column).select_from(found).where(*_at(location))


def _of_gender(table: Table, gender: Gender) -> list[ColumnElement[bool]]:
    value = func.lower(table.c.gender)
    by_code = {
        Gender.M: value == "male", Gender.F: value == "female",
        Gender.NK: value.contains("known"), Gender.NS: value.contains("specified"),
    }  # fmt: skip
    return [by_code[gender]] if gender in by_code else []


def _at(location: Location) -> list[ColumnElement[bool]]:
    if location is Location.ALL:
        return []
    outside = prisoner.c.prison_id == OUTSIDE
    return [outside if location is Location.OUT else and_(prisoner.c.prison_id.is_not(None), ~outside)]
