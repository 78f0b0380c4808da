"""Refreshes of the whole index, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text, Uuid, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.prisoner_search.refresh.model import NeverRefreshed, Progress, Refresh

refresh = Table(
    "refresh",
    schema("prisoner_search"),
    Column("id", Uuid, primary_key=True),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("next_page", Integer, nullable=False),
    Column("after", Text, nullable=False),
    Column("checked", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("leased_until", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)
refresh_failure = Table(
    "refresh_failure",
    schema("prisoner_search"),
    Column("refresh_id", Uuid, ForeignKey(refresh.c.id, ondelete="CASCADE"), primary_key=True),
    Column("prisoner_number", Text, primary_key=True),
    Column("reason", Text, nullable=False),
)
LEASE = text("now() + interval '5 minutes'")
COLUMNS = [column for column in refresh.c if column.name != "leased_until"]


class RefreshStore(Store):
    """At most one refresh is under way."""

    async def add(self, one: Refresh) -> bool:
        """Begin a refresh; False when one is under way."""
        row = {**asdict(one), "leased_until": func.now()}
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
        taking = update(refresh).where(refresh.c.id == free).values(leased_until=LEASE).returning(*COLUMNS)
        row = await self.one_or_none(taking)
        return Refresh(**row) if row else None

    async def give_back(self, one: Refresh) -> None:
        """Keep how far a refresh has come, and let anybody take it."""
        row = {name: value for name, value in asdict(one).items() if name != "id"}
        await self.run(update(refresh).where(refresh.c.id == one.id).values(**row, leased_until=func.now()))

    async def set_aside(self, refresh_id: UUID, failures: Mapping[str, str]) -> None:
        """Keep who could not be checked, and why."""
        rows = [
            {"refresh_id": refresh_id, "prisoner_number": number, "reason": reason}
            for number, reason in failures.items()
        ]
        await self.run(insert(refresh_failure).on_conflict_do_nothing(), rows)

    async def latest(self) -> Progress:
        """The refresh that was asked for last. Raises NeverRefreshed."""
        row = await self.first(select(*COLUMNS).order_by(refresh.c.requested_at.desc()).limit(1))
        if row is None:
            raise NeverRefreshed
        one = Refresh(**row)
        columns = (refresh_failure.c.prisoner_number, refresh_failure.c.reason)
        mine = select(*columns).where(refresh_failure.c.refresh_id == one.id).order_by(columns[0])
        return Progress(one, {str(row["prisoner_number"]): str(row["reason"]) for row in await self.all(mine)})
