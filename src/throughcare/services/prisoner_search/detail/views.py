"""Finds people of whom parts are known, in some prisons."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from throughcare.services.prisoner_search.detail.schemas import DetailSearch
from throughcare.services.prisoner_search.identity.model import cro_key, expression, is_wild, pnc_key
from throughcare.services.prisoner_search.index.store import alias, prisoner
from throughcare.services.prisoner_search.search.views import by_alias, by_own_name, in_prisons, name_conditions

LIKE = str.maketrans({"?": "_", "*": "%", "_": r"\_", "%": r"\%", "\\": r"\\"})


def detailed(wanted: DetailSearch) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """Select those of whom all holds that was given, and their order: own names before aliases, then by number.

    Source: ministryofjustice/hmpps-prisoner-search, prisoner detail.
    """
    also = [*in_prisons(wanted.prison_ids), *_identifiers(wanted)]
    ways = [by_own_name(wanted.query, also=also).add_columns(literal(1).label("rank"))]
    if wanted.include_aliases and name_conditions(alias, wanted.query):
        ways.append(by_alias(wanted.query, also=also).add_columns(literal(2).label("rank")))
    hits = union_all(*ways).cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
    chosen = select(hits.c.prisoner_number).group_by(hits.c.prisoner_number)
    return chosen, [func.min(hits.c.rank), hits.c.prisoner_number]


def _identifiers(wanted: DetailSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.noms_number is not None:
        found.append(_like(prisoner.c.prisoner_number, wanted.noms_number))
    if wanted.cro_number is not None:
        same = prisoner.c.cro_key == cro_key(wanted.cro_number)
        found.append(_like(prisoner.c.cro_key, wanted.cro_number) if is_wild(wanted.cro_number) else same)
    if wanted.pnc_number is not None:
        same = prisoner.c.pnc_key == pnc_key(wanted.pnc_number)
        found.append(_in_any_form(wanted.pnc_number) if is_wild(wanted.pnc_number) else same)
    return found


def _in_any_form(pattern: str) -> ColumnElement[bool]:
    """Whether the PNC as it was given, in its long or in its short form fits."""
    return prisoner.c.pnc_text.regexp_match(f" {expression(pattern.upper())} ")


def _like(value: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    return value.like(pattern.upper().translate(LIKE))
