"""The queue of support, the words encrypted."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, DateTime, RowMapping, Table, Text, Uuid, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.ui.problem_report.model import Report, Words
from throughcare.ui.safe import Safe

problem_report = Table(
    "problem_report", schema("ui"),
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("owner", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text),
)  # fmt: skip
Q = problem_report.c


class ReportStore(Store):
    """One row for each report."""

    async def add(self, one: Report, safe: Safe) -> None:
        """Take a report in; the same again does nothing."""
        await self.run(
            insert(problem_report)
            .values(
                id=one.id, reference=one.reference, words=safe.seal(json.dumps(asdict(one.words))), owner=one.owner,
                received_at=one.received_at,
            )
            .on_conflict_do_nothing()
        )  # fmt: skip

    async def count_since(self, moment: datetime) -> int:
        """How many came since then."""
        return await self.count(select(func.count()).select_from(problem_report).where(Q.received_at >= moment))

    async def open(self, safe: Safe) -> list[Report]:
        """Those that nobody has dealt with, the oldest first, at most 200."""
        mine = select(problem_report).where(Q.closed_at.is_(None)).order_by(Q.received_at).limit(200)
        return [_read(row, safe) for row in await self.all(mine)]

    async def find(self, reference: str, safe: Safe) -> Report | None:
        """The report with this number."""
        row = await self.one_or_none(select(problem_report).where(Q.reference == reference))
        return None if row is None else _read(row, safe)

    async def close(self, reference: str, by: str, at: datetime) -> None:
        """Somebody has dealt with it."""
        await self.run(
            update(problem_report)
            .where(Q.reference == reference, Q.closed_at.is_(None))
            .values(closed_at=at, closed_by=by)
        )

    async def remove_closed_before(self, moment: datetime) -> None:
        """Forget what was dealt with long ago."""
        await self.run(delete(problem_report).where(Q.closed_at < moment))


def _read(row: RowMapping, safe: Safe) -> Report:
    return Report(**{**row, "words": Words(**json.loads(safe.open(row["words"])))})
