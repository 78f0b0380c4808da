"""Reads the index: first who is meant, then no more documents than the answer holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select

from throughcare.kit.db import Views
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.index.store import prisoner

Numbers = Select[Any] | CompoundSelect[Any]


class IndexViews(Views):
    """Reads documents of those whom a search finds."""

    async def documents(self, numbers: Numbers, *, limit: int) -> list[Document]:
        """The documents of those in ``numbers``, by number, up to ``limit``."""
        chosen, order = by_number(numbers)
        first = chosen.order_by(*order).limit(limit).subquery("first")
        found = first.join(prisoner, prisoner.c.prisoner_number == first.c.prisoner_number)
        rows = await self.all(select(prisoner.c.document).select_from(found).order_by(prisoner.c.prisoner_number))
        return [row["document"] for row in rows]

    async def page(
        self, chosen: Select[Any], order: Sequence[ColumnElement[Any]], *, offset: int, limit: int
    ) -> tuple[list[Document], int]:
        """The documents on a page of those whose numbers ``chosen`` selects, and how many there are in all."""
        place, total = func.row_number().over(order_by=order).label("place"), func.count().over().label("total")
        page = chosen.add_columns(place, total).order_by("place").offset(offset).limit(limit).subquery("page")
        found = page.join(prisoner, prisoner.c.prisoner_number == page.c.prisoner_number)
        rows = await self.all(
            select(prisoner.c.document, page.c.total).select_from(found).order_by(page.c.place)
        )  # fmt: skip
        if rows or not offset:
            return [row["document"] for row in rows], rows[0]["total"] if rows else 0
        return [], await self.count(select(func.count()).select_from(chosen.subquery()))


def by_number(numbers: Numbers) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """Select those in ``numbers``, and their order.

    They are found before they are sorted, so that no order tempts the planner to walk the whole table.
    """
    hits = numbers.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(hits.c.prisoner_number), [hits.c.prisoner_number]
