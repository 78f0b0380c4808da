"""Finds referrals by parts of names and identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, RowMapping, Text, Uuid, any_, case, func, literal, or_, select
from sqlalchemy.types import Float

from throughcare.kit.db.database import Views
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.overview.model import Reach
from throughcare.services.interventions.overview.views import summary_of, with_people
from throughcare.services.interventions.referral.store import referral_service_user_data
from throughcare.services.interventions.search.model import ALIKE, FAINTLY_ALIKE, FEW, MOST, SHORTEST_CODE, Sought
from throughcare.services.interventions.search.schemas import FoundReferral
from throughcare.services.interventions.summary.store import OPEN, referral_summary

line, person = referral_summary.c, referral_service_user_data.c
THRESHOLD = "pg_trgm.word_similarity_threshold"


class SearchViews(Views):
    """Referrals by what somebody remembers of them."""

    async def search(self, reach: Reach, sought: Sought, catalogue: Catalogue) -> tuple[list[FoundReferral], bool]:
        """The best hits that the reach holds, and whether there are more than these."""
        if not (reach.interventions or reach.crns):
            return [], False
        rows = await self._hits(reach, sought, ALIKE)
        if sought.words and len(rows) < FEW:
            rows = await self._hits(reach, sought, FAINTLY_ALIKE)
        found = [
            FoundReferral(
                **dict(summary_of(row, catalogue)), date_of_birth=row["date_of_birth"], standing=row["standing"]
            )
            for row in rows
        ]
        return found[:MOST], len(found) > MOST

    async def _hits(self, reach: Reach, sought: Sought, alike: float) -> Sequence[RowMapping]:
        latest = ((line.standing == OPEN).desc(), line.sent_at.desc(), line.referral_id.asc())
        order: list[ColumnElement[Any]] = [*_rank(sought), *latest]
        rank = func.row_number().over(order_by=order).label("rank")
        where = (_set(alike), _within(reach), *_has(sought)) if sought.words else (_within(reach), *_has(sought))
        best = select(referral_summary, rank).where(*where).order_by(*order).limit(MOST + 1).subquery("hits")
        birthday = select(person.date_of_birth).where(person.referral_id == best.c.referral_id).scalar_subquery()
        lines = with_people(select(best, birthday.label("date_of_birth")).subquery("found"))
        rows: Sequence[RowMapping] = await self.all(lines.order_by(lines.selected_columns.rank))
        return rows


def _set(alike: float) -> ColumnElement[bool]:
    """How alike is alike enough for the rest of this statement: PostgreSQL looks here before it searches."""
    return select(func.set_config(THRESHOLD, str(alike), True)).scalar_subquery().is_not(None)


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.interventions:
        return line.intervention_id == any_(literal([*reach.interventions], ARRAY(Uuid)))
    return line.crn == any_(literal([*reach.crns], ARRAY(Text)))


def _has(sought: Sought) -> list[ColumnElement[bool]]:
    codes = [or_(line.crn.contains(one, autoescape=True), line.reference_number.contains(one, autoescape=True))
             for one in sought.codes]  # fmt: skip
    return [*codes, *(_named(one) for one in sought.words)]


def _named(word: str) -> ColumnElement[bool]:
    """A part of a name, or something like it; of a short word the beginning of a name, since much is like it."""
    if len(word) < SHORTEST_CODE:
        return or_(line.full_name.startswith(word, autoescape=True), _later(word))
    return or_(
        line.full_name.contains(word, autoescape=True), literal(word, Text).op("<%", is_comparison=True)(line.full_name)
    )


def _later(word: str) -> ColumnElement[bool]:
    return line.full_name.contains(f" {word}", autoescape=True)


def _rank(sought: Sought) -> Sequence[ColumnElement[Any]]:
    """The whole identifier first, then what is most like the words."""
    whole = [case((or_(line.crn == one, line.reference_number == one), 0), else_=1) for one in sought.codes]
    like = [func.strict_word_similarity(one, line.full_name, type_=Float).desc() for one in sought.words]
    return [*whole, *like]
