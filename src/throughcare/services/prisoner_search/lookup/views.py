"""Documents by number or by prison."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from throughcare.kit.db import Views
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.index.store import prisoner


class LookupViews(Views):
    """Reads documents whose numbers or prison are known."""

    async def find(self, prisoner_number: str) -> Document | None:
        """The prisoner's document; None when nobody has the number."""
        where = prisoner.c.prisoner_number == prisoner_number
        row = await self.one_or_none(select(prisoner.c.document).where(where))
        return row["document"] if row else None

    async def all_of(self, prisoner_numbers: Sequence[str]) -> list[Document]:
        """The documents of those numbers that somebody has, by number."""
        chosen = select(prisoner.c.document).where(prisoner.c.prisoner_number.in_(prisoner_numbers))
        return [row["document"] for row in await self.all(chosen.order_by(prisoner.c.prisoner_number))]

    async def in_prison(self, prison_id: str, *, offset: int, limit: int) -> tuple[list[Document], int]:
        """A page of a prison's people by last name, first name and number, and how many there are in all."""
        here = prisoner.c.prison_id == prison_id
        order = (prisoner.c.last_name, prisoner.c.first_name, prisoner.c.prisoner_number)
        total = await self.count(select(func.count()).select_from(prisoner).where(here))
        rows = await self.all(select(prisoner.c.document).where(here).order_by(*order).offset(offset).limit(limit))
        return [row["document"] for row in rows], total
