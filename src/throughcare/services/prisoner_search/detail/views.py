"""Finds people of whom parts are known, in some prisons."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, true

from throughcare.services.prisoner_search.detail.schemas import DetailSearch
from throughcare.services.prisoner_search.identity.model import cro_key, is_wild, pnc_key
from throughcare.services.prisoner_search.index.store import prisoner
from throughcare.services.prisoner_search.search.views import documents, in_prisons, name_conditions, named

LIKE = str.maketrans({"?": "_", "*": "%", "_": r"\_", "%": r"\%", "\\": r"\\"})


def detailed(wanted: DetailSearch) -> Select[Any]:
    """Select the documents of those of whom all holds that was given, those by their own name before those by an alias.

    Source: ministryofjustice/hmpps-prisoner-search, prisoner detail.
    """
    also = [*in_prisons(wanted.prison_ids), *_identifiers(wanted)]
    numbers = named(wanted.query, include_aliases=wanted.include_aliases, also=also)
    rank = case((and_(true(), *name_conditions(prisoner, wanted.query)), 1), else_=2)
    return documents(numbers).order_by(None).order_by(rank, prisoner.c.prisoner_number)


def _identifiers(wanted: DetailSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.noms_number is not None:
        found.append(_like(prisoner.c.prisoner_number, wanted.noms_number))
    if wanted.cro_number is not None:
        same = prisoner.c.cro_key == cro_key(wanted.cro_number)
        found.append(_like(prisoner.c.cro_key, wanted.cro_number) if is_wild(wanted.cro_number) else same)
    if wanted.pnc_number is not None:
        same = prisoner.c.pnc_key == pnc_key(wanted.pnc_number)
        found.append(_pnc_like(wanted.pnc_number) if is_wild(wanted.pnc_number) else same)
    return found


def _pnc_like(pattern: str) -> ColumnElement[bool]:
    """Whether the number as it was given, in its long or in its short form fits."""
    forms = ("pncNumber", "pncNumberCanonicalLong", "pncNumberCanonicalShort")
    return or_(*(_like(prisoner.c.document[form].astext, pattern) for form in forms))


def _like(value: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    return value.like(pattern.upper().translate(LIKE))
