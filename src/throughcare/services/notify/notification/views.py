"""Messages as a sending service may see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from throughcare.kit.db import Views
from throughcare.services.notify.notification.model import Notification
from throughcare.services.notify.notification.store import from_row, notification

PAGE = 250


class NotificationViews(Views):
    """Messages of one service within the retention period, newest first."""

    async def one(self, service_id: UUID, notification_id: UUID, since: datetime) -> Notification | None:
        """A message of the service, whatever key sent it; None when there is none."""
        row = await self.one_or_none(_of(service_id, since).where(notification.c.id == notification_id))
        return from_row(row) if row else None

    async def page(
        self, service_id: UUID, since: datetime, *, key_type: str, channels: Collection[str] = (),
        statuses: Collection[str] = (), reference: str | None = None, older_than: UUID | None = None,
    ) -> list[Notification]:  # fmt: skip
        """Up to 250 messages sent with a key of ``key_type``; an unknown ``older_than`` gives none."""
        statement = _of(service_id, since).where(notification.c.key_type == key_type)
        if channels:
            statement = statement.where(notification.c.channel.in_(channels))
        if statuses:
            statement = statement.where(notification.c.status.in_(statuses))
        if reference is not None:
            statement = statement.where(notification.c.reference == reference)
        if older_than is not None:
            mark = await self.one(service_id, older_than, since)
            if mark is None:
                return []
            place = tuple_(notification.c.created_at, notification.c.id)
            statement = statement.where(place < (mark.created_at, mark.id))
        order = (notification.c.created_at.desc(), notification.c.id.desc())
        return [from_row(row) for row in await self.all(statement.order_by(*order).limit(PAGE))]


def _of(service_id: UUID, since: datetime) -> Select[tuple[object, ...]]:
    return select(notification).where(notification.c.service_id == service_id, notification.c.created_at >= since)
