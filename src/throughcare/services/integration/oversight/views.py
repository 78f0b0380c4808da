"""What operators ask: who is told of what, and what became of a notification."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, text

from throughcare.kit.db import Views
from throughcare.services.integration.oversight.schemas import DeliveryState, NotificationState

MOST = 500
NOTIFICATIONS = text("""
    select n.*, coalesce(jsonb_agg(jsonb_build_object(
             'consumer', d.consumer, 'attempts', d.attempts, 'deliveredAt', d.delivered_at, 'lastError', d.last_error)
             order by d.consumer) filter (where d.id is not null), '[]'::jsonb) as deliveries,
           count(*) filter (where d.id is not null and d.delivered_at is null) as open
      from notification n left join delivery d on d.notification_id = n.event_id
     where n.hmpps_id = :hmpps_id
     group by n.event_id order by n.event_id limit :most
""")
COUNTS = text("""
    select count(*) filter (where delivered_at is null) as waiting,
           count(*) filter (where delivered_at is not null) as delivered, max(delivered_at) as last_delivered_at
      from delivery where consumer = :consumer
""")


class OversightViews(Views):
    """Read-only queries for operators."""

    async def notifications(self, hmpps_id: str) -> list[NotificationState]:
        """The newest notifications about a person, with each delivery."""
        rows = (await self.connection.execute(NOTIFICATIONS, {"hmpps_id": hmpps_id, "most": MOST})).mappings().all()
        return [_state(row) for row in rows]

    async def counts(self, consumer: str) -> RowMapping:
        """How much waits for a consumer, how much it was sent, and when last."""
        return (await self.connection.execute(COUNTS, {"consumer": consumer})).mappings().one()


def _state(row: RowMapping) -> NotificationState:
    deliveries: Sequence[object] = row["deliveries"]
    status = "PENDING" if row["distributed_at"] is None else "PROCESSING" if row["open"] else "PROCESSED"
    names = (
        "id", "event_id", "event_type", "path", "hmpps_id", "prison_id", "supervision_status", "first_change_at",
        "last_change_at", "due_at", "source_event_ids",
    )  # fmt: skip
    return NotificationState(
        **{name: row[name] for name in names},
        status=status,
        deliveries=[DeliveryState.model_validate(one) for one in deliveries],
    )
