"""Documents by number, by booking or by prison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.index.store import prisoner
from throughcare.services.prisoner_search.index.views import IndexViews


class LookupViews(IndexViews):
    """Reads documents whose numbers, bookings or prison are known."""

    async def find(self, prisoner_number: str) -> Document | None:
        """The prisoner's document; None when nobody has the number."""
        where = prisoner.c.prisoner_number == prisoner_number
        row = await self.one_or_none(select(prisoner.c.document).where(where))
        return row["document"] if row else None

    async def with_numbers(self, prisoner_numbers: Sequence[str]) -> list[Document]:
        """The documents of those numbers that somebody has, by number."""
        wanted = literal(list(prisoner_numbers), ARRAY(Text))
        rows = await self.all(_documents().where(prisoner.c.prisoner_number == any_(wanted)))
        return [row["document"] for row in rows]

    async def with_bookings(self, booking_ids: Sequence[int]) -> list[Document]:
        """The documents of those who are on one of these bookings, by number."""
        wanted = literal(list(booking_ids), ARRAY(BigInteger))
        rows = await self.all(_documents().where(prisoner.c.booking_id == any_(wanted)))
        return [row["document"] for row in rows]

    async def in_prison(self, prison_id: str, *, offset: int, limit: int) -> tuple[list[Document], int]:
        """A page of a prison's people by last name, first name and number, and how many there are in all."""
        order = (prisoner.c.last_name, prisoner.c.first_name, prisoner.c.prisoner_number)
        chosen = select(prisoner.c.prisoner_number).where(prisoner.c.prison_id == prison_id)
        return await self.page(chosen, order, offset=offset, limit=limit)


def _documents() -> Select[Any]:
    return select(prisoner.c.document).order_by(prisoner.c.prisoner_number)
