"""Where it is kept which referrals were moved, by whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.referral.store import referral
from throughcare.services.interventions.transfer.model import Order, Transfer

contract_transfer = Table(
    "contract_transfer",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("reference_numbers", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("carried_out_at", DateTime(timezone=True), nullable=False),
    Column("carried_out_by", Text, nullable=False),
)
DONE = contract_transfer.c


class TransferStore(Store):
    """Transfers that were carried out."""

    async def ids_of(self, references: Sequence[str]) -> list[UUID]:
        """The referrals with these reference numbers, in the order of their ids."""
        known = select(referral.c.id).where(referral.c.reference_number.in_(references)).order_by(referral.c.id)
        return [row["id"] for row in await self.all(known)]

    async def add(self, transfer: Transfer) -> None:
        """Keep a transfer."""
        order = transfer.order
        await self.run(
            insert(contract_transfer).values(
                id=transfer.id, source=order.source, target=order.target, reason=order.reason,
                reference_numbers=list(order.references), carried_out_at=transfer.carried_out_at,
                carried_out_by=transfer.carried_out_by,
            )
        )  # fmt: skip

    async def newest(self, limit: int) -> list[Transfer]:
        """The newest transfers."""
        order = (DONE.carried_out_at.desc(), DONE.id.desc())
        return [
            Transfer(
                row["id"], Order(row["source"], row["target"], row["reference_numbers"], row["reason"]),
                row["carried_out_at"], row["carried_out_by"],
            )
            for row in await self.all(select(contract_transfer).order_by(*order).limit(limit))
        ]  # fmt: skip
