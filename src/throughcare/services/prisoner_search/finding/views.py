"""Finding people by name, date of birth and identifiers; every condition is served by an index."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select

from throughcare.kit.db import Views
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.finding.model import Identifiers, Location, Names, Stage
from throughcare.services.prisoner_search.identity.model import booking_id, cro_key, pnc_key
from throughcare.services.prisoner_search.identity.model import prisoner_number as number_in
from throughcare.services.prisoner_search.index.store import alias, prisoner

OUTSIDE = "OUT"
ORDER = (prisoner.c.last_name, prisoner.c.first_name, prisoner.c.prisoner_number)


def named(names: Names, table: FromClause = prisoner) -> list[ColumnElement[bool]]:
    """The conditions for ``names`` on the primary record or on an alias."""
    columns = table.c
    found: list[ColumnElement[bool]] = []
    if names.first:
        found.append(columns.first_name_words.contains(list(names.first)))
    if names.last:
        found.append(columns.last_name_words.contains(list(names.last)))
    if names.dates:
        found.append(columns.date_of_birth.in_(names.dates))
    if names.gender:
        found.append(func.lower(columns.gender) == names.gender.lower())
    return found


def with_aliases(names: Names, *, aliases: bool, any_part: bool = False) -> ColumnElement[bool]:
    """``names`` on the primary record, or all of them on one alias."""
    join = or_ if any_part else and_
    primary = join(*named(names))
    if not aliases:
        return primary
    other = select(alias.c.prisoner_number).where(join(*named(names, alias)))
    return or_(primary, prisoner.c.prisoner_number.in_(other))


def identified(identifiers: Identifiers) -> list[ColumnElement[bool]]:
    """The conditions for the identifiers that were given."""
    pairs = (
        (prisoner.c.prisoner_number, identifiers.prisoner_number),
        (prisoner.c.pnc_key, identifiers.pnc),
        (prisoner.c.cro_key, identifiers.cro),
    )
    return [column == value for column, value in pairs if value]


class SearchViews(Views):
    """Searches over the index."""

    async def by_identifier(self, text: str) -> ColumnElement[bool] | None:
        """The condition for an identifier of any kind, if it has any hit."""
        kinds = [
            prisoner.c.pnc_key == pnc_key(text),
            prisoner.c.cro_key == cro_key(text),
            prisoner.c.book_number == text,
        ]
        if number := number_in(text):
            kinds.append(prisoner.c.prisoner_number == number)
        if booking := booking_id(text):
            kinds.append(prisoner.c.booking_id == booking)
        condition = or_(*kinds)
        hit = await self.first(select(prisoner.c.prisoner_number).where(condition).limit(1))
        return condition if hit else None

    async def page(
        self, condition: ColumnElement[bool], location: Location, *, limit: int, offset: int
    ) -> tuple[list[Document], int]:
        """One page of what fulfils ``condition``, by name, and how many there are in all."""
        wanted = [condition]
        if location is Location.IN:
            wanted.append(prisoner.c.prison_id != OUTSIDE)
        if location is Location.OUT:
            wanted.append(prisoner.c.prison_id == OUTSIDE)
        rows = await self.all(select(prisoner.c.document).where(*wanted).order_by(*ORDER).limit(limit).offset(offset))
        if len(rows) < limit and (rows or not offset):
            return [row["document"] for row in rows], offset + len(rows)
        total = await self.count(select(func.count()).select_from(prisoner).where(*wanted))
        return [row["document"] for row in rows], total

    async def stage(self, stage: Stage, limit: int) -> list[Document]:
        """The people whom one stage of a match finds."""
        wanted = identified(stage.identifiers)
        if stage.names.given:
            wanted.append(with_aliases(stage.names, aliases=stage.aliases, any_part=stage.any_name_part))
        return await self._some(wanted, limit)

    async def any_of(self, stages: Sequence[Stage], limit: int) -> list[Document]:
        """The people whom any of the stages finds, each once."""
        either = [
            and_(*identified(one.identifiers), *(with_aliases(names, aliases=one.aliases) for names in _given(one)))
            for one in stages
        ]
        return await self._some([or_(*either)], limit) if either else []

    async def _some(self, wanted: Sequence[ColumnElement[bool]], limit: int) -> list[Document]:
        rows = await self.all(select(prisoner.c.document).where(*wanted).order_by(*ORDER).limit(limit))
        return [row["document"] for row in rows]


def _given(stage: Stage) -> list[Names]:
    return [stage.names] if stage.names.given else []
