"""Refreshes of the whole index, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema

refresh = Table(
    "refresh",
    schema("prisoner_search"),
    Column("id", Uuid, primary_key=True),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("next_page", Integer, nullable=False),
    Column("after", Text, nullable=False),
    Column("checked", Integer, nullable=False),
    Column("leased_until", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)
LEASE = text("now() + interval '5 minutes'")


@dataclass(frozen=True)
class Refresh:
    """How far a refresh has come: the next page of prison's numbers, and the last number checked."""

    id: UUID
    next_page: int
    after: str
    checked: int


class RefreshStore(Store):
    """At most one refresh is under way."""

    async def add(self, refresh_id: UUID, *, by: str, at: datetime) -> bool:
        """Begin a refresh; False when one is under way."""
        row = {
            "id": refresh_id, "requested_at": at, "requested_by": by, "next_page": 0, "after": "", "checked": 0,
            "leased_until": func.now(),
        }  # fmt: skip
        return await self.run(insert(refresh).values(row).on_conflict_do_nothing()) == 1

    async def take(self) -> Refresh | None:
        """The refresh under way, for this process alone for five minutes; None when there is nothing to do."""
        free = (
            select(refresh.c.id)
            .where(refresh.c.finished_at.is_(None), refresh.c.leased_until <= func.now())
            .with_for_update(skip_locked=True)
            .limit(1)
            .scalar_subquery()
        )
        columns = (refresh.c.id, refresh.c.next_page, refresh.c.after, refresh.c.checked)
        taking = update(refresh).where(refresh.c.id == free).values(leased_until=LEASE).returning(*columns)
        row = await self.one_or_none(taking)
        return Refresh(**row) if row else None

    async def save(self, one: Refresh, *, finished_at: datetime | None) -> None:
        """Keep how far a refresh has come, and give it back."""
        progress = {"next_page": one.next_page, "after": one.after, "checked": one.checked}
        given_back = {"leased_until": func.now(), "finished_at": finished_at}
        await self.run(update(refresh).where(refresh.c.id == one.id).values(**progress, **given_back))
