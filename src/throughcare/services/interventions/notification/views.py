"""The messages about a referral, with what became of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import DateTime, FromClause, RowMapping, Text, Uuid, column, select, table

from throughcare.kit.db.database import Views
from throughcare.services.interventions.notification.model import STATES, Letter, Notification, Recipient
from throughcare.services.interventions.notification.store import referral_message

request: FromClause = table(
    "notification_request", column("id", Uuid()), column("template_key", Text()), column("status", Text()),
    column("created_at", DateTime(timezone=True)), column("completed_at", DateTime(timezone=True)),
    column("recipient_ciphertext", Text()), schema="interventions",
)  # fmt: skip


class NotificationViews(Views):
    """What was written to people."""

    async def of_referral(self, referral_id: UUID) -> list[Notification]:
        """Every message about a referral, the newest first."""
        mine = (
            select(referral_message, *[one for one in request.c if one.name != "id"])
            .join_from(referral_message, request, request.c.id == referral_message.c.request_id)
            .where(referral_message.c.referral_id == referral_id)
            .order_by(request.c.created_at.desc(), request.c.id)
        )
        return [_notification(row) for row in await self.all(mine)]


def _notification(row: RowMapping) -> Notification:
    letter = Letter(row["request_id"], row["referral_id"], Recipient(row["recipient"]), row["name"])
    return Notification(
        letter, row["template_key"], STATES[row["status"]], row["created_at"], row["completed_at"],
        row["recipient_ciphertext"], row["sent_again_as"],
    )  # fmt: skip
