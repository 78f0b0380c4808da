"""Unfinished work, its answers encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, RowMapping, Table, Text, Uuid, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.ui.safe import Safe
from throughcare.ui.unfinished.model import CLAIMED_FOR, Kind, Unfinished

unfinished = Table(
    "unfinished", schema("ui"),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("claimed_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("outcome", Text),
)  # fmt: skip


class UnfinishedStore(Store):
    """One row for each piece of work."""

    async def add(self, one: Unfinished, safe: Safe) -> None:
        """Begin; what was begun under the same id stays as it is."""
        await self.run(
            insert(unfinished)
            .values(
                id=one.id, kind=one.kind.name, owner=one.owner, about=one.about,
                words=safe.seal(json.dumps(one.words)), started_at=one.started_at, changed_at=one.changed_at,
            )
            .on_conflict_do_nothing()
        )  # fmt: skip

    async def find(self, work_id: UUID, safe: Safe) -> Unfinished | None:
        """The work with this id, finished or not."""
        row = await self.one_or_none(select(unfinished).where(unfinished.c.id == work_id))
        return None if row is None else _read(row, safe)

    async def of_owner(self, owner: str, safe: Safe) -> list[Unfinished]:
        """What this person has not finished, the newest first."""
        rows = await self.all(
            select(unfinished)
            .where(unfinished.c.owner == owner, unfinished.c.finished_at.is_(None))
            .order_by(unfinished.c.changed_at.desc())
            .limit(100)
        )
        return [_read(row, safe) for row in rows]

    async def change(self, work_id: UUID, words: Mapping[str, Any], at: datetime, safe: Safe) -> None:
        """Other answers."""
        await self.run(
            update(unfinished)
            .where(unfinished.c.id == work_id, unfinished.c.finished_at.is_(None))
            .values(words=safe.seal(json.dumps(words)), changed_at=at)
        )

    async def claim(self, work_id: UUID, at: datetime) -> bool:
        """Whether whoever asks is the one who carries it out now."""
        free = or_(unfinished.c.claimed_at.is_(None), unfinished.c.claimed_at < at - CLAIMED_FOR)
        row = await self.one_or_none(
            update(unfinished)
            .where(unfinished.c.id == work_id, unfinished.c.finished_at.is_(None), free)
            .values(claimed_at=at)
            .returning(unfinished.c.id)
        )
        return row is not None

    async def release(self, work_id: UUID) -> None:
        """It was not carried out after all."""
        await self.run(update(unfinished).where(unfinished.c.id == work_id).values(claimed_at=None))

    async def finish(self, work_id: UUID, outcome: str, at: datetime, safe: Safe) -> None:
        """It is done, and led to the path ``outcome``; the answers are forgotten."""
        await self.run(
            update(unfinished)
            .where(unfinished.c.id == work_id)
            .values(finished_at=at, outcome=outcome, words=safe.seal("{}"))
        )

    async def remove_older_than(self, moment: datetime) -> None:
        """Forget what nobody came back to, and what was finished long ago."""
        await self.run(delete(unfinished).where(unfinished.c.changed_at < moment))


def _read(row: RowMapping, safe: Safe) -> Unfinished:
    values = {name: row[name] for name in row if name not in {"kind", "words"}}
    return Unfinished(**values, kind=Kind[row["kind"]], words=json.loads(safe.open(row["words"])))
