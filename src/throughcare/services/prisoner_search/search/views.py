"""Finds prisoners in the index. Every search begins at an index of the database, never at the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, false, func, or_, select, union

from throughcare.services.prisoner_search.identity import model as identity
from throughcare.services.prisoner_search.identity.model import expression, is_wild
from throughcare.services.prisoner_search.index.store import alias, prisoner
from throughcare.services.prisoner_search.index.views import Numbers
from throughcare.services.prisoner_search.search.model import Gender, Location, NameQuery

OUTSIDE = "OUT"


def at(location: Location) -> list[ColumnElement[bool]]:
    """What holds of those who are at ``location``."""
    if location is Location.ALL:
        return []
    outside = prisoner.c.prison_id == OUTSIDE
    return [outside if location is Location.OUT else and_(prisoner.c.prison_id.is_not(None), ~outside)]


def in_prisons(prison_ids: Sequence[str]) -> list[ColumnElement[bool]]:
    """What holds of those who are in one of the prisons; nothing needs to when none is named."""
    return [prisoner.c.prison_id.in_(prison_ids)] if prison_ids else []


def identified(text: str, *, also: Iterable[ColumnElement[bool]] = ()) -> Numbers:
    """Select the numbers of those who have ``text`` as prisoner number, booking id, PNC, CRO or book number.

    ``also`` holds conditions on the prisoner themself, here and in all that follows.
    """
    capitals = text.strip().upper()
    same = [
        prisoner.c.prisoner_number == capitals,
        prisoner.c.pnc_key == identity.pnc_key(text),
        prisoner.c.cro_key == identity.cro_key(text),
        prisoner.c.book_number == capitals,
    ]
    if (booking := identity.booking_id(text)) is not None:
        same.append(prisoner.c.booking_id == booking)
    return select(prisoner.c.prisoner_number).where(or_(*same), *also)


def named(query: NameQuery, *, include_aliases: bool, also: Iterable[ColumnElement[bool]] = ()) -> Numbers:
    """Select the numbers of those whose own name, or one alias as a whole, answers the query."""
    own = by_own_name(query, also=also)
    return union(own, by_alias(query, also=also)) if include_aliases else own


def by_own_name(query: NameQuery, *, also: Iterable[ColumnElement[bool]] = ()) -> Select[Any]:
    """Select the numbers of those whose own name answers the query."""
    return select(prisoner.c.prisoner_number).where(*name_conditions(prisoner, query), *also)


def by_alias(query: NameQuery, *, also: Iterable[ColumnElement[bool]] = ()) -> Select[Any]:
    """Select the numbers of those of whom one alias as a whole answers the query."""
    owner = prisoner.join(alias, alias.c.prisoner_number == prisoner.c.prisoner_number)
    chosen = select(prisoner.c.prisoner_number).select_from(owner).distinct()
    return chosen.where(*name_conditions(alias, query), *also)


def name_conditions(table: Table, query: NameQuery) -> Sequence[ColumnElement[bool]]:
    """What ``table`` (prisoners or aliases) must hold for a name to answer the query: every word given."""
    found: list[ColumnElement[bool]] = []
    for name, words in (("first_name", query.first_name_words), ("last_name", query.last_name_words)):
        if words is not None:
            found += _of_words(table, name, words)
    if query.dates_of_birth is not None:
        found.append(table.c.date_of_birth.in_(sorted(query.dates_of_birth)))
    return [*found, *_of_gender(table, query.gender)]


def _of_words(table: Table, name: str, words: Sequence[str]) -> list[ColumnElement[bool]]:
    if not words:
        return [false()]
    plain, wild = [word for word in words if not is_wild(word)], [word for word in words if is_wild(word)]
    text: Column[str] = table.c[f"{name}_text"]
    found: list[ColumnElement[bool]] = [text.regexp_match(f" {expression(word)} ") for word in wild]
    return [table.c[f"{name}_words"].contains(plain), *found] if plain else found


def _of_gender(table: Table, gender: Gender) -> list[ColumnElement[bool]]:
    value = func.lower(table.c.gender)
    by_code = {
        Gender.M: value == "male", Gender.F: value == "female",
        Gender.NK: value.contains("known"), Gender.NS: value.contains("specified"),
    }  # fmt: skip
    return [by_code[gender]] if gender in by_code else []
