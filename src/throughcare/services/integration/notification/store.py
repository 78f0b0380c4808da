"""Notifications and refusals in PostgreSQL, in sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, DateTime, Identity, Table, Text, Uuid, insert, text
from sqlalchemy.dialects.postgresql import ARRAY

from throughcare.kit.db.database import Store, schema
from throughcare.services.integration.notification.model import MAX_SOURCES, Notification, Refusal

_METADATA = schema("integration")

notification = Table(
    "notification",
    _METADATA,
    Column("event_id", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("hmpps_id", Text),
    Column("event_type", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("prison_id", Text),
    Column("supervision_status", Text, nullable=False),
    Column("first_change_at", DateTime(timezone=True), nullable=False),
    Column("last_change_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("source_event_ids", ARRAY(Uuid), nullable=False),
    Column("distributed_at", DateTime(timezone=True)),
)

refusal = Table(
    "refusal",
    _METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source_event_id", Uuid, nullable=False),
    Column("domain_event", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("refused_at", DateTime(timezone=True), nullable=False),
)

ADD = text(f"""
    insert into notification as pending
           (id, hmpps_id, event_type, path, prison_id, supervision_status, first_change_at, last_change_at, due_at,
            source_event_ids)
    select gen_random_uuid(), n.hmpps_id, n.event_type, n.path, n.prison_id, n.supervision_status, :now, :now, :due,
           n.sources
      from jsonb_to_recordset(cast(:rows as jsonb))
           as n(hmpps_id text, event_type text, path text, prison_id text, supervision_status text, sources uuid[])
        on conflict (path, event_type, prison_id, supervision_status) where distributed_at is null do update
       set last_change_at = greatest(pending.last_change_at, excluded.last_change_at),
           source_event_ids = (pending.source_event_ids || excluded.source_event_ids)[1:{MAX_SOURCES}]
""")  # a constant


class NotificationStore(Store):
    """Writes pending notifications."""

    async def add(self, notifications: Sequence[Notification], *, now: datetime, delay: timedelta) -> None:
        """Store all in one statement. One that is pending already keeps its due time, so that nobody is starved.

        Rows are taken in the order of their keys, so that two writers cannot block each other for ever.
        """
        ordered = sorted(notifications, key=lambda one: tuple(part or "" for part in one.key))
        rows = [
            {
                "hmpps_id": one.hmpps_id,
                "event_type": one.event_type,
                "path": one.path,
                "prison_id": one.prison_id,
                "supervision_status": one.supervision_status,
                "sources": [str(source) for source in one.sources],
            }
            for one in ordered
        ]
        if rows:
            values = {"rows": json.dumps(rows), "now": now, "due": now + delay}
            await self.connection.execute(ADD, values)

    async def refuse(self, refusals: Sequence[Refusal], *, now: datetime) -> None:
        """Put on record which types of an event could not be told, and why."""
        await self.run(
            insert(refusal),
            [
                {
                    "source_event_id": one.source,
                    "domain_event": one.domain_event,
                    "event_type": one.event_type,
                    "reason": one.reason,
                    "refused_at": now,
                }
                for one in refusals
            ],
        )
