"""What people typed, encrypted, by owner and form."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Column, DateTime, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.ui.safe import Safe
from throughcare.ui.typed.model import SavedAt, Typed, Why

typed = Table(
    "typed", schema("ui"),
    Column("owner", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

saved = Table(
    "saved", schema("ui"),
    Column("place", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip


class TypedStore(Store):
    """One row for each form that somebody left, and one for each that was saved."""

    async def find(self, owner: str, place: str, safe: Safe) -> Typed | None:
        """What this person typed there."""
        row = await self.one_or_none(select(typed).where(typed.c.owner == owner, typed.c.place == place))
        if row is None:
            return None
        return Typed(owner, place, json.loads(safe.open(row["words"])), Why(row["why"]), row["at"])

    async def put(self, one: Typed, safe: Safe) -> None:
        """Keep it in place of what was kept before."""
        values = {"words": safe.seal(json.dumps(one.words)), "why": one.why.value, "at": one.at}
        await self.run(
            insert(typed).values(owner=one.owner, place=one.place, **values)
            .on_conflict_do_update(index_elements=["owner", "place"], set_=values)
        )  # fmt: skip

    async def remove(self, owner: str, place: str) -> None:
        """Forget it."""
        await self.run(delete(typed).where(typed.c.owner == owner, typed.c.place == place))

    async def note_saved(self, one: SavedAt) -> None:
        """Note who saved it last."""
        values = {"owner": one.owner, "at": one.at}
        await self.run(
            insert(saved).values(place=one.place, **values)
            .on_conflict_do_update(index_elements=["place"], set_=values)
        )  # fmt: skip

    async def last_saved(self, place: str) -> SavedAt | None:
        """Who saved the form there last; None where nobody did of late."""
        row = await self.one_or_none(select(saved).where(saved.c.place == place))
        return None if row is None else SavedAt(place, row["owner"], row["at"])

    async def remove_older_than(self, moment: datetime) -> None:
        """Forget what nobody came back to, and who saved what."""
        for table in (typed, saved):
            await self.run(delete(table).where(table.c.at < moment))
