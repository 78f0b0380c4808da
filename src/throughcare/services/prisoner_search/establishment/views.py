"""Finds people of one prison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from throughcare.services.prisoner_search.establishment.model import SortKey, search_words
from throughcare.services.prisoner_search.establishment.schemas import EstablishmentQuery
from throughcare.services.prisoner_search.identity.model import cro_key, name_words, pnc_key
from throughcare.services.prisoner_search.index.store import prisoner

NAMES = (prisoner.c.first_name_text, prisoner.c.last_name_text)
CELL = prisoner.c.document["cellLocation"].astext
COLUMNS: dict[str, ColumnElement[Any]] = {
    "firstName": prisoner.c.first_name,
    "lastName": prisoner.c.last_name,
    "prisonerNumber": prisoner.c.prisoner_number,
    "dateOfBirth": prisoner.c.date_of_birth,
    "cellLocation": CELL,
}


def people_of(prison_id: str, wanted: EstablishmentQuery) -> Select[Any]:
    """Select the numbers of those in the prison who pass.

    Source: ministryofjustice/hmpps-prisoner-search, prisoners in prison.
    """
    words = search_words(wanted.term)
    passing = [prisoner.c.prison_id == prison_id, *_filters(prison_id, wanted)]
    if words:
        passing.append(or_(_names_begin(words), _name_runs(words), _identify(words)))
    return select(prisoner.c.prisoner_number).where(*passing)


def ordered(keys: Sequence[SortKey]) -> list[ColumnElement[Any]]:
    """The columns to sort by."""
    return [COLUMNS[key.field].desc() if key.descending else COLUMNS[key.field].asc() for key in keys]


def _filters(prison_id: str, wanted: EstablishmentQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.alert_codes:
        held = ({"alerts": [{"alertCode": code, "active": True}]} for code in wanted.alert_codes)
        found.append(or_(*(prisoner.c.document.contains(one) for one in held)))
    if wanted.from_dob is not None:
        found.append(prisoner.c.date_of_birth >= wanted.from_dob)
    if wanted.to_dob is not None:
        found.append(prisoner.c.date_of_birth <= wanted.to_dob)
    if wanted.cell_location_prefix:
        prefix = wanted.cell_location_prefix.strip().upper().removeprefix(f"{prison_id}-")
        found.append(CELL.startswith(prefix, autoescape=True))
    if wanted.incentive_level_code:
        level = {"currentIncentive": {"level": {"code": wanted.incentive_level_code}}}
        found.append(prisoner.c.document.contains(level))
    return found


def _names_begin(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether each word begins a word of the first or the last name."""
    folded = [part for word in words for part in name_words(word)]
    each = [or_(*(name.contains(f" {part}", autoescape=True) for name in NAMES)) for part in folded]
    return and_(*each) if each else false()


def _name_runs(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether one name begins with the first word and has the others behind it, in this order."""
    folded = [part for word in words for part in name_words(word)]
    if len(folded) < 2:
        return false()
    return or_(*(name.like(f" {'%'.join(folded)}%") for name in NAMES))


def _identify(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether each word is a number of the prisoner's."""
    return and_(
        *(
            or_(
                prisoner.c.prisoner_number == word.upper(), prisoner.c.book_number == word.upper(),
                prisoner.c.pnc_key == pnc_key(word), prisoner.c.cro_key == cro_key(word),
            )
            for word in words
        )
    )  # fmt: skip
