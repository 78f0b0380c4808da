"""A consumer's line, read from a place on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from throughcare.kit.db import Views
from throughcare.services.integration.delivery.model import Delivery
from throughcare.services.integration.delivery.store import to_delivery

ENDS = text("select position, forgotten from lane where consumer = :consumer")
AFTER = text("""
    select d.consumer, d.position, n.event_id, d.hmpps_id, n.event_type, n.path, d.prison_id, n.last_change_at,
           d.supervision_status
      from delivery d join notification n on n.event_id = d.notification_id
     where d.consumer = :consumer and d.position > :after
     order by d.position limit :limit
""")


@dataclass(frozen=True)
class Ends:
    """The newest place of a line, and the newest that was forgotten."""

    newest: int
    forgotten: int


class FeedViews(Views):
    """Reads one consumer's line. Places become visible in order, so that whoever reads on after one misses nothing."""

    async def ends(self, consumer: str) -> Ends:
        """Where the line begins and ends."""
        row = (await self.connection.execute(ENDS, {"consumer": consumer})).one()
        return Ends(row[0], row[1])

    async def after(self, consumer: str, place: int, limit: int) -> list[Delivery]:
        """What follows a place in the line."""
        values = {"consumer": consumer, "after": place, "limit": limit}
        return [to_delivery(row) for row in (await self.connection.execute(AFTER, values)).all()]
