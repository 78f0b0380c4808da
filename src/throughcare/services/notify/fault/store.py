"""Faults that are still to happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, delete, insert, select, update

from throughcare.kit.db import Store, schema
from throughcare.services.notify.fault.model import Fault, Kind

fault = Table(
    "fault", schema("notify"),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("status", Integer),
    Column("delay_ms", Integer),
    Column("remaining", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
FIELDS = (fault.c.id, fault.c.kind, fault.c.remaining, fault.c.status, fault.c.delay_ms)


class FaultStore(Store):
    """Faults, the oldest of which happens first."""

    async def add(self, one: Fault, at: datetime) -> None:
        """Let ``one`` happen to the next requests."""
        values = {
            "kind": one.kind,
            "status": one.status,
            "delay_ms": one.delay_ms,
            "remaining": one.remaining,
        }
        await self.run(insert(fault).values(id=one.id, created_at=at, **values))

    async def use(self, kinds: Sequence[Kind]) -> Fault | None:
        """Let the oldest fault of ``kinds`` happen once; None when there is none."""
        oldest = (
            select(fault.c.id)
            .where(fault.c.remaining > 0, fault.c.kind.in_(kinds))
            .order_by(fault.c.created_at, fault.c.id)
            .limit(1)
            .with_for_update()
        )
        statement = update(fault).where(fault.c.id == oldest.scalar_subquery(), fault.c.remaining > 0)
        row = await self.one_or_none(statement.values(remaining=fault.c.remaining - 1).returning(*FIELDS))
        return Fault(**row) if row else None

    async def forget_spent(self, before: datetime) -> int:
        """Delete faults asked for before that moment of which nothing is left; how many."""
        return await self.run(delete(fault).where(fault.c.remaining == 0, fault.c.created_at < before))

    async def clear(self) -> None:
        """Forget all faults."""
        await self.run(delete(fault))
