"""Rows of the synthetic people, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store

Row = dict[str, Any]
Rows = Mapping[Table, Sequence[Row]]


class SeedStore(Store):
    """Fills tables with rows whose ids were chosen outside."""

    async def fill(self, rows: Rows) -> None:
        """Store the rows of every table, in the order of ``rows``."""
        for table, several in rows.items():
            await self.copy(table, several)

    async def add_missing(self, table: Table, several: Sequence[Row]) -> None:
        """Store rows; what is there already stays as it is."""
        await self.run(insert(table).on_conflict_do_nothing(), several)

    async def count_on(self, tables: Sequence[Table]) -> None:
        """Let ids that the database chooses follow the highest that is there."""
        for table in tables:
            newest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(f"{table.schema}.{table.name}", "id")
            await self.scalar(select(func.setval(sequence, newest, False)))
