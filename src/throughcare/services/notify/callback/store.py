"""Receipts that wait to be posted, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, bindparam, insert, text, update
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db import Store, schema
from throughcare.services.notify.callback.model import Attempt, Callback

callback = Table(
    "callback", schema("notify"),
    Column("id", Uuid, primary_key=True),
    Column("notification_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("claimed_until", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("outcome", Text),
    Column("last_status", Integer),
)  # fmt: skip

CLAIM = text("""
    update callback set attempts = attempts + 1, claimed_until = now() + interval '30 seconds'
     where id in (
       select id from callback
        where next_attempt_at <= cast(:now as timestamptz)
          and (claimed_until is null or claimed_until < now())
        order by next_attempt_at limit 20 for update skip locked)
    returning id, service_id, payload, attempts
""").columns(id=Uuid, service_id=Uuid, payload=JSONB, attempts=Integer)


class CallbackStore(Store):
    """Receipts by the time at which they are due."""

    async def add(self, rows: Sequence[tuple[UUID, UUID, UUID, dict[str, object]]], at: datetime) -> None:
        """Have receipts posted at once: id, notification, service and payload of each."""
        await self.run(
            insert(callback),
            [
                {
                    "id": one, "notification_id": notification, "service_id": service, "payload": payload,
                    "created_at": at, "next_attempt_at": at, "attempts": 0,
                }
                for one, notification, service, payload in rows
            ],
        )  # fmt: skip

    async def claim(self, now: datetime) -> list[Callback]:
        """Receipts that are due, leased to this process for half a minute."""
        return [Callback(**row) for row in await self.all(CLAIM.bindparams(now=now))]

    async def record(self, attempts: Sequence[Attempt]) -> None:
        """Note what each try came to."""
        statement = (
            update(callback)
            .where(callback.c.id == bindparam("callback_id"))
            .values(
                claimed_until=None,
                next_attempt_at=bindparam("next"),
                finished_at=bindparam("finished"),
                outcome=bindparam("verdict"),
                last_status=bindparam("status"),
            )
        )
        rows = [
            {
                "callback_id": one.callback_id, "next": one.next_attempt_at, "verdict": one.verdict,
                "finished": None if one.verdict == "retry" else one.at, "status": one.status,
            }
            for one in attempts
        ]  # fmt: skip
        await self.run(statement, rows)
