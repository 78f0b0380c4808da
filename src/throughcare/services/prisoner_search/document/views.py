"""Reads documents a page at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from throughcare.kit.db import Views
from throughcare.services.prisoner_search.document.model import Document


class DocumentViews(Views):
    """Reads documents; each ``chosen`` selects a column ``document`` and says in which order."""

    async def documents(self, chosen: Select[Any], *, limit: int) -> list[Document]:
        """The first documents."""
        return [row["document"] for row in await self.all(chosen.limit(limit))]

    async def page(self, chosen: Select[Any], *, offset: int, limit: int) -> tuple[list[Document], int]:
        """A page of documents, and how many there are in all."""
        counting = chosen.add_columns(func.count().over().label("total")).offset(offset).limit(limit)
        rows = await self.all(counting)
        if rows or not offset:
            return [row["document"] for row in rows], rows[0]["total"] if rows else 0
        return [], await self.count(select(func.count()).select_from(chosen.order_by(None).subquery()))
