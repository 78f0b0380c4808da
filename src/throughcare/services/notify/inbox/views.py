"""The inbox: messages of every service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, tuple_

from throughcare.kit.db import Views
from throughcare.services.notify.callback.store import callback
from throughcare.services.notify.inbox.schemas import (
    HistoryEntry,
    InboxFilter,
    InboxMessage,
    InboxMessageDetail,
    ReceiptEntry,
)
from throughcare.services.notify.notification.store import delivery, from_row, notification


class InboxViews(Views):
    """Messages as people look for them."""

    async def messages(self, wanted: InboxFilter) -> list[InboxMessage]:
        """The newest messages that match."""
        statement = select(notification)
        exact = {"template_key": wanted.template, "service": wanted.service, "status": wanted.status}
        for name, value in {**exact, "reference": wanted.reference}.items():
            if value is not None:
                statement = statement.where(notification.c[name] == value)
        if wanted.to is not None:
            place = func.strpos(notification.c.recipient_normal, wanted.to.strip().lower())
            statement = statement.where(place > 0)
        if wanted.since is not None:
            statement = statement.where(notification.c.created_at >= wanted.since)
        if wanted.older_than is not None:
            mark = await self.first(select(notification).where(notification.c.id == wanted.older_than))
            if mark is None:
                return []
            order = tuple_(notification.c.created_at, notification.c.id)
            statement = statement.where(order < (mark["created_at"], mark["id"]))
        newest_first = (notification.c.created_at.desc(), notification.c.id.desc())
        rows = await self.all(statement.order_by(*newest_first).limit(wanted.limit))
        history = await self._history([row["id"] for row in rows])
        return [InboxMessage.of(from_row(row), history[row["id"]]) for row in rows]

    async def message(self, notification_id: UUID) -> InboxMessageDetail | None:
        """One message with its request and receipts, or None."""
        row = await self.one_or_none(select(notification).where(notification.c.id == notification_id))
        if row is None:
            return None
        history = await self._history([notification_id])
        statement = select(callback).where(callback.c.notification_id == notification_id)
        receipts = [ReceiptEntry.model_validate(one) for one in await self.all(statement.order_by(callback.c.id))]
        return InboxMessageDetail.with_request(from_row(row), history[notification_id], receipts)

    async def _history(self, ids: Sequence[UUID]) -> dict[UUID, list[HistoryEntry]]:
        statement = select(delivery).where(delivery.c.notification_id.in_(ids)).order_by(delivery.c.id)
        found: dict[UUID, list[HistoryEntry]] = defaultdict(list)
        for row in await self.all(statement):
            found[row["notification_id"]].append(HistoryEntry.model_validate(row))
        return found
