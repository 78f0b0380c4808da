"""Messages, their delivery history and how many were sent today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from throughcare.kit.db import Store, schema
from throughcare.kit.ids import new_id
from throughcare.services.notify.notification.model import LARGEST_INBOX, Change, Notification

SCHEMA = schema("notify")
notification = Table(
    "notification", SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("service_id", Uuid, nullable=False),
    Column("service", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    Column("key_type", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("template_id", Uuid, nullable=False),
    Column("template_key", Text, nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_normal", Text, nullable=False),
    Column("subject", Text),
    Column("body", Text, nullable=False),
    Column("personalisation", JSONB, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("reference", Text),
    Column("reply_to", Text),
    Column("unsubscribe_url", Text),
    Column("status", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Column("next_change_at", DateTime(timezone=True)),
)  # fmt: skip
delivery = Table(
    "delivery", SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("notification_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("cause", Text, nullable=False),
)  # fmt: skip
sent_today = Table(
    "sent_today", SCHEMA,
    Column("service_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("messages", Integer, nullable=False),
)  # fmt: skip

_COUNT = (
    upsert(sent_today)
    .values({name: bindparam(name) for name in ("service_id", "day", "channel", "messages")})
    .on_conflict_do_update(
        index_elements=[sent_today.c.service_id, sent_today.c.day, sent_today.c.channel],
        set_={"messages": sent_today.c.messages + 1},
        where=sent_today.c.messages < bindparam("limit"),
    )
)
_FIELDS = tuple(one.name for one in fields(Notification))


def from_row(row: RowMapping) -> Notification:
    """The message in a row of ``notification``."""
    return Notification(**{name: row[name] for name in _FIELDS})


class NotificationStore(Store):
    """Messages by id."""

    async def add(self, one: Notification, change: Change) -> None:
        """Keep a new message and the beginning of its history."""
        await self.run(insert(notification), [{name: getattr(one, name) for name in _FIELDS}])
        await self.note([change])

    async def get_for_change(self, notification_id: UUID) -> Notification | None:
        """A message, locked until the transaction ends; None when there is none."""
        statement = select(notification).where(notification.c.id == notification_id).with_for_update()
        row = await self.one_or_none(statement)
        return from_row(row) if row else None

    async def due(self, now: datetime, limit: int = 200) -> list[Notification]:
        """Messages whose status changes by now, locked; those that another process holds are left out."""
        statement = (
            select(notification)
            .where(notification.c.next_change_at <= now)
            .order_by(notification.c.next_change_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [from_row(row) for row in await self.all(statement)]

    async def save_statuses(self, changed: Sequence[Notification], changes: Sequence[Change]) -> None:
        """Keep new statuses and how they came."""
        statement = (
            update(notification)
            .where(notification.c.id == bindparam("of"))
            .values(
                {name: bindparam(f"new_{name}") for name in ("status", "sent_at", "completed_at", "next_change_at")}
            )
        )
        rows = [
            {
                "of": one.id, "new_status": one.status, "new_sent_at": one.sent_at,
                "new_completed_at": one.completed_at, "new_next_change_at": one.next_change_at,
            }
            for one in changed
        ]  # fmt: skip
        await self.run(statement, rows)
        await self.note(changes)

    async def note(self, changes: Sequence[Change]) -> None:
        """Add to the delivery history."""
        await self.run(insert(delivery), [{"id": new_id(), **asdict(one)} for one in changes])

    async def count_sent(self, service_id: UUID, day: date, channel: str, limit: int) -> bool:
        """Count one message of the day; False, and not counted, when ``limit`` is reached."""
        values = {"service_id": service_id, "day": day, "channel": channel, "messages": 1, "limit": limit}
        return (await self.connection.execute(_COUNT, values)).rowcount == 1

    async def delete_before(self, moment: datetime) -> int:
        """Delete what is older than the retention; how many messages."""
        await self.run(delete(sent_today).where(sent_today.c.day < moment.date()))
        return await self.run(delete(notification).where(notification.c.created_at < moment))

    async def delete_beyond(self, keep: int = LARGEST_INBOX) -> int:
        """Delete all but the newest ``keep`` messages; how many went."""
        oldest_kept = (
            select(notification.c.created_at)
            .order_by(notification.c.created_at.desc(), notification.c.id.desc())
            .offset(keep - 1)
            .limit(1)
        )
        return await self.run(delete(notification).where(notification.c.created_at < oldest_kept.scalar_subquery()))

    async def delete_all(self) -> int:
        """Empty the inbox; how many messages went."""
        return await self.run(delete(notification))
