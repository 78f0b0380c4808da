"""Which messages were asked for about a referral."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, Table, Text, Uuid, insert, select, update

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.notification.model import Letter

referral_message = Table(
    "referral_message", schema("interventions"),
    Column("request_id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sent_again_as", Uuid),
)  # fmt: skip


class NotificationStore(Store):
    """One row for each message."""

    async def add(self, *letters: Letter) -> None:
        """Note that messages were asked for."""
        if letters:
            rows = [
                {
                    "request_id": one.request_id, "referral_id": one.referral_id, "recipient": one.recipient.value,
                    "name": one.name,
                }
                for one in letters
            ]  # fmt: skip
            await self.run(insert(referral_message), rows)

    async def lock(self, request_id: UUID) -> UUID | None:
        """Hold a message until the transaction ends; the message that replaced it, if one did."""
        mine = select(referral_message).where(referral_message.c.request_id == request_id).with_for_update()
        row = await self.one_or_none(mine)
        return row["sent_again_as"] if row else None

    async def replace(self, request_id: UUID, by: UUID) -> None:
        """Note that a message was sent again as another."""
        await self.run(
            update(referral_message).where(referral_message.c.request_id == request_id).values(sent_again_as=by)
        )
