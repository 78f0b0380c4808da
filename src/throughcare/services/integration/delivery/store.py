"""Deliveries in PostgreSQL: claimed with leases, confirmed one by one, all in sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Integer, Table, Text, Uuid, func, text

from throughcare.kit.db import Store, schema
from throughcare.services.integration.delivery.model import Delivery, backoff

LEASE_SECONDS = 60
DISTRIBUTE = 1000
SEND = 500

delivery = Table(
    "delivery",
    schema("integration"),
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("notification_id", BigInteger, ForeignKey("integration.notification.event_id"), nullable=False),
    Column("consumer", Text, ForeignKey("integration.consumer.name"), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("available_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("claimed_by", Uuid),
    Column("claimed_until", DateTime(timezone=True)),
    Column("last_error", Text),
    Column("delivered_at", DateTime(timezone=True)),
)

DUE = text("""
    select event_id, event_type, prison_id, supervision_status from notification
     where distributed_at is null and due_at <= :now
     order by due_at, event_id limit :limit for update skip locked
""")
FAN_OUT = text("""
    insert into delivery (notification_id, consumer)
    select * from unnest(cast(:ids as bigint[]), cast(:consumers as text[]))
        on conflict do nothing
""")
DISTRIBUTED = text("update notification set distributed_at = :now where event_id = any(cast(:ids as bigint[]))")
WAITING = text("""
    select c.name, c.queue_name from consumer c
     where not c.suspended and c.queue_name is not null
       and exists (select 1 from delivery d where d.consumer = c.name and d.delivered_at is null
                      and d.available_at <= now() and (d.claimed_until is null or d.claimed_until < now()))
     order by c.name
""")
CLAIM = text("""
    with taken as (
      select id from delivery
       where consumer = :consumer and delivered_at is null and available_at <= now()
         and (claimed_until is null or claimed_until < now())
       order by id limit :limit for update skip locked)
    update delivery d
       set claimed_by = :claim, claimed_until = now() + make_interval(secs => :lease), attempts = d.attempts + 1
      from taken, notification n
     where d.id = taken.id and n.event_id = d.notification_id
    returning d.id, n.event_id, n.hmpps_id, n.event_type, n.path, n.prison_id, n.last_change_at, d.attempts
""")
CONFIRM = text("""
    update delivery set delivered_at = :now, claimed_by = null, claimed_until = null, last_error = null
     where id = any(cast(:ids as bigint[])) and claimed_by = :claim
""")
POSTPONE = text("""
    update delivery d set claimed_by = null, claimed_until = null, last_error = f.error,
           available_at = now() + make_interval(secs => f.delay)
      from unnest(cast(:ids as bigint[]), cast(:errors as text[]), cast(:delays as float8[])) as f(id, error, delay)
     where d.id = f.id and d.claimed_by = :claim
""")
CLEAN = text("""
    delete from notification n where n.event_id in (
      select o.event_id from notification o
       where o.distributed_at < :before
         and not exists (select 1 from delivery d where d.notification_id = o.event_id and d.delivered_at is null)
       limit 5000)
""")


class DeliveryStore(Store):
    """The way from a notification that is due to each consumer's queue."""

    async def due(self, now: datetime) -> Sequence[tuple[int, str, str | None, str]]:
        """Notifications that are due, this transaction's alone: id, event type, prison, supervision status."""
        rows = (await self.connection.execute(DUE, {"now": now, "limit": DISTRIBUTE})).all()
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    async def fan_out(self, ids: Sequence[int], pairs: Sequence[tuple[int, str]], now: datetime) -> None:
        """A delivery for each pair of notification and consumer; the notifications are distributed then."""
        if pairs:
            values = {"ids": [one for one, _ in pairs], "consumers": [name for _, name in pairs]}
            await self.connection.execute(FAN_OUT, values)
        await self.connection.execute(DISTRIBUTED, {"ids": list(ids), "now": now})

    async def waiting(self) -> list[tuple[str, str]]:
        """Consumers for whom something can be sent now, and their queues."""
        return [(row[0], row[1]) for row in (await self.connection.execute(WAITING)).all()]

    async def claim(self, consumer: str, claim: UUID) -> list[Delivery]:
        """The next deliveries for a consumer, for this process alone until the lease ends."""
        values = {"consumer": consumer, "claim": claim, "lease": LEASE_SECONDS, "limit": SEND}
        rows = (await self.connection.execute(CLAIM, values)).mappings().all()
        return sorted((Delivery(**row) for row in rows), key=lambda one: one.id)

    async def confirm(self, ids: Sequence[int], claim: UUID, now: datetime) -> None:
        """The consumer's queue holds these."""
        if ids:
            await self.connection.execute(CONFIRM, {"ids": list(ids), "claim": claim, "now": now})

    async def postpone(self, failed: Sequence[tuple[Delivery, str]], claim: UUID) -> None:
        """These were refused: try again later, each with its own back-off."""
        if failed:
            values = {
                "ids": [one.id for one, _ in failed],
                "errors": [error for _, error in failed],
                "delays": [backoff(one.attempts) for one, _ in failed],
                "claim": claim,
            }
            await self.connection.execute(POSTPONE, values)

    async def clean(self, before: datetime) -> int:
        """Delete one slice of what was delivered to everybody before; how many notifications."""
        return int((await self.connection.execute(CLEAN, {"before": before})).rowcount)
