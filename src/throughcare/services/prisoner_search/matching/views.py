"""Matches a person with the index, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_, select, union

from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.identity.model import cro_key, lenient_dates, pnc_key
from throughcare.services.prisoner_search.index.store import alias, prisoner
from throughcare.services.prisoner_search.index.views import IndexViews, Numbers
from throughcare.services.prisoner_search.matching.model import MatchedBy
from throughcare.services.prisoner_search.matching.schemas import MatchRequest, PossibleMatchRequest
from throughcare.services.prisoner_search.search.model import NameQuery
from throughcare.services.prisoner_search.search.views import by_alias, name_conditions, named

MOST = 10
MOST_POSSIBLE = 1000


class MatchViews(IndexViews):
    """Reads documents of those who match."""

    async def match(self, wanted: MatchRequest) -> tuple[list[Document], MatchedBy]:
        """Those whom the first stage with any hit finds, ten at most, and that stage."""
        for stage, numbers in stages(wanted):
            if found := await self.documents(numbers, limit=MOST):
                return found, stage
        return [], MatchedBy.NOTHING

    async def possible(self, wanted: PossibleMatchRequest) -> list[Document]:
        """Everybody who has the number, the PNC, or the name with the date of birth."""
        return await self.documents(union(*possibilities(wanted)), limit=MOST_POSSIBLE)


def stages(wanted: MatchRequest) -> Iterator[tuple[MatchedBy, Numbers]]:
    """The stages of the cascade that what is known allows, in order.

    Source: ministryofjustice/hmpps-prisoner-search, match prisoners.
    """
    day = frozenset({wanted.date_of_birth}) if wanted.date_of_birth else None
    whole = NameQuery(wanted.first_name or None, wanted.last_name, day)
    partial = NameQuery(None, wanted.last_name, day)
    keys = _keys(wanted)
    yield MatchedBy.ALL_SUPPLIED, named(whole, include_aliases=False, also=keys.values())
    yield MatchedBy.ALL_SUPPLIED_ALIAS, by_alias(whole, also=keys.values())
    if "noms" in keys:
        yield MatchedBy.HMPPS_KEY, select(prisoner.c.prisoner_number).where(keys["noms"])
    for kind in ("cro", "pnc"):
        if kind in keys:
            supported = select(prisoner.c.prisoner_number).where(keys[kind], _name_or_date(partial))
            yield MatchedBy.EXTERNAL_KEY, supported
    yield MatchedBy.NAME, named(whole, include_aliases=True)
    yield MatchedBy.PARTIAL_NAME, named(partial, include_aliases=False)
    if wanted.date_of_birth:
        last = NameQuery(None, wanted.last_name, lenient_dates(wanted.date_of_birth))
        yield MatchedBy.PARTIAL_NAME_DOB_LENIENT, _leniently(last, wanted.first_name or None)


def possibilities(wanted: PossibleMatchRequest) -> Iterator[Numbers]:
    """The ways in which somebody may be the person."""
    number = select(prisoner.c.prisoner_number)
    if wanted.noms_number:
        yield number.where(prisoner.c.prisoner_number == wanted.noms_number)
    if wanted.pnc_number:
        yield number.where(prisoner.c.pnc_key == pnc_key(wanted.pnc_number))
    if wanted.last_name and wanted.date_of_birth:
        name = NameQuery(wanted.first_name or None, wanted.last_name, frozenset({wanted.date_of_birth}))
        yield number.where(*name_conditions(prisoner, name))
        yield by_alias(name)


def _keys(wanted: MatchRequest) -> dict[str, ColumnElement[bool]]:
    given = {
        "noms": (wanted.noms_number, prisoner.c.prisoner_number == wanted.noms_number),
        "cro": (wanted.cro_number, prisoner.c.cro_key == cro_key(wanted.cro_number)),
        "pnc": (wanted.pnc_number, prisoner.c.pnc_key == pnc_key(wanted.pnc_number)),
    }
    return {kind: same for kind, (value, same) in given.items() if value}


def _name_or_date(partial: NameQuery) -> ColumnElement[bool]:
    """Whether the last name or the date of birth agrees, on the prisoner or on an alias."""
    return or_(*name_conditions(prisoner, partial), _some_alias(or_(*name_conditions(alias, partial))))


def _leniently(last: NameQuery, first_name: str | None) -> Numbers:
    """The last name, a date easily written instead, and the first name of the prisoner or of any alias."""
    found = select(prisoner.c.prisoner_number).where(*name_conditions(prisoner, last))
    if first_name is None:
        return found
    first = NameQuery(first_name)
    own = name_conditions(prisoner, first)
    return found.where(or_(*own, _some_alias(*name_conditions(alias, first))))


def _some_alias(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = alias.c.prisoner_number == prisoner.c.prisoner_number
    return select(alias.c.position).where(mine, *conditions).exists()
