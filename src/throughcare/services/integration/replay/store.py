"""Old notifications, page by page, and deliveries that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from throughcare.kit.db import Store
from throughcare.services.integration.delivery.model import Due
from throughcare.services.integration.notification.model import Audience

PAGE = 500

PAST = text("""
    select event_id, event_type, path, hmpps_id, prison_id, supervision_status, audiences, last_change_at
      from notification
     where distributed_at is not null and event_id > :after
       and (cast(:since as timestamptz) is null or due_at >= :since)
       and (cast(:until as timestamptz) is null or due_at < :until)
       and (cast(:event_type as text) is null or event_type = :event_type)
       and (cast(:hmpps_id as text) is null or hmpps_id = :hmpps_id)
     order by event_id limit :limit
""")
REVIVE = text("""
    update delivery set dead_at = null, attempts = 0, available_at = now()
     where consumer = :consumer and dead_at is not null
""")
HASTEN = text("""
    update delivery set dead_at = null, attempts = 0, available_at = now()
     where consumer = :consumer and position = any(cast(:positions as bigint[])) and delivered_at is null
       and (dead_at is not null or attempts > 0)
""")


class ReplayStore(Store):
    """Reads what was distributed, and gives back what was given up."""

    async def past(
        self,
        after: int,
        *,
        since: datetime | None,
        until: datetime | None,
        event_type: str | None,
        hmpps_id: str | None,
    ) -> list[Due]:
        """The next page of notifications that were distributed, after one of that number."""
        values = {
            "after": after, "since": since, "until": until, "event_type": event_type, "hmpps_id": hmpps_id,
            "limit": PAGE,
        }  # fmt: skip
        rows = (await self.connection.execute(PAST, values)).all()
        return [Due(row[0], row[1], row[2], Audience(row[4], row[5], row[3]), row[6], row[7]) for row in rows]

    async def revive(self, consumer: str) -> int:
        """Let every delivery be tried again that was given up; how many."""
        return int((await self.connection.execute(REVIVE, {"consumer": consumer})).rowcount)

    async def hasten(self, consumer: str, positions: Sequence[int]) -> int:
        """Let deliveries at these places be tried at once that failed, given up or not; how many."""
        values = {"consumer": consumer, "positions": list(positions)}
        return int((await self.connection.execute(HASTEN, values)).rowcount)
