"""Where it is kept which appointments were put aside, by whom and why."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.stale_appointment.model import Marking, Order

stale_marking = Table(
    "stale_marking",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("appointment_ids", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("carried_out_at", DateTime(timezone=True), nullable=False),
    Column("carried_out_by", Text, nullable=False),
)
DONE = stale_marking.c


class MarkingStore(Store):
    """Orders that were carried out."""

    async def add(self, done: Marking) -> None:
        """Keep an order."""
        await self.run(
            insert(stale_marking).values(
                id=done.id, appointment_ids=[str(one) for one in done.order.appointment_ids],
                reason=done.order.reason, carried_out_at=done.carried_out_at, carried_out_by=done.carried_out_by,
            )
        )  # fmt: skip

    async def newest(self, limit: int) -> list[Marking]:
        """The newest orders."""
        order = (DONE.carried_out_at.desc(), DONE.id.desc())
        return [
            Marking(
                row["id"], Order([UUID(one) for one in row["appointment_ids"]], row["reason"]),
                row["carried_out_at"], row["carried_out_by"],
            )
            for row in await self.all(select(stale_marking).order_by(*order).limit(limit))
        ]  # fmt: skip
