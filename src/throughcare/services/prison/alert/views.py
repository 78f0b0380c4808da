"""Alerts as lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Text, and_, any_, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from throughcare.kit.db import Views
from throughcare.kit.errors import BadRequest
from throughcare.kit.web.pagination import PageRequest
from throughcare.services.prison.alert.model import Alert
from throughcare.services.prison.alert.schemas import AlertQuery
from throughcare.services.prison.alert.store import alert, alert_of

SORTABLE = {
    "activeFrom": alert.c.active_from,
    "activeTo": alert.c.active_to,
    "alertCode": alert.c.code,
    "createdAt": alert.c.created_at,
    "lastModifiedAt": alert.c.modified_at,
}


class SortNotValid(BadRequest):
    """The list cannot be sorted as asked (400)."""

    code = "SORT_NOT_VALID"
    title = "The alerts cannot be sorted like this"


class AlertViews(Views):
    """Reads lists of alerts."""

    async def page(
        self, prisoner_number: str, query: AlertQuery, today: date, request: PageRequest
    ) -> tuple[list[Alert], int]:
        """A prisoner's alerts that pass the query, and how many do in all. Raises SortNotValid."""
        passing = and_(
            alert.c.prisoner_number == prisoner_number,
            alert.c.deleted_at.is_(None),
            *_conditions(query, today),
        )
        rows = (
            select(alert)
            .where(passing)
            .order_by(*_order(request.sort), alert.c.id)
            .offset(request.offset)
            .limit(request.size)
        )
        total = await self.count(select(func.count()).select_from(alert).where(passing))
        return [alert_of(row) for row in await self.all(rows)], total

    async def of_many(
        self, prisoner_numbers: Sequence[str], *, codes: Collection[str], include_inactive: bool, today: date
    ) -> list[Alert]:
        """The alerts of many prisoners by number, the newest beginning first; of ``codes`` alone when there are any."""
        passing: list[ColumnElement[bool]] = [
            alert.c.prisoner_number == any_(literal(list(prisoner_numbers), ARRAY(Text))),
            alert.c.deleted_at.is_(None),
        ]
        if codes:
            passing.append(alert.c.code.in_(codes))
        if not include_inactive:
            passing.append(_active(today))
        order = (alert.c.prisoner_number, alert.c.active_from.desc(), alert.c.id)
        return [alert_of(row) for row in await self.all(select(alert).where(*passing).order_by(*order))]


def _active(today: date) -> ColumnElement[bool]:
    return and_(alert.c.active_from <= today, or_(alert.c.active_to.is_(None), alert.c.active_to > today))


def _conditions(wanted: AlertQuery, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.is_active is not None:
        found.append(_active(today) if wanted.is_active else not_(_active(today)))
    if wanted.codes is not None:
        found.append(alert.c.code.in_(wanted.codes))
    if wanted.active_from_start is not None:
        found.append(alert.c.active_from >= wanted.active_from_start)
    if wanted.active_from_end is not None:
        found.append(alert.c.active_from <= wanted.active_from_end)
    if wanted.search:
        text = [alert.c.description, alert.c.authorised_by]
        found.append(or_(*(column.icontains(wanted.search, autoescape=True) for column in text)))
    return found


def _order(sort: Sequence[str]) -> list[ColumnElement[object]]:
    order: list[ColumnElement[object]] = []
    for entry in sort or ("activeFrom,desc",):
        name, _, direction = entry.partition(",")
        if name not in SORTABLE or direction not in {"", "asc", "desc"}:
            raise SortNotValid
        column: ColumnElement[object] = SORTABLE[name]
        order.append(column.desc() if direction == "desc" else column.asc())
    return order
