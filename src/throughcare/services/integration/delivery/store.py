"""Deliveries in PostgreSQL: numbered per consumer, claimed with leases, confirmed one by one, all in sets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from throughcare.kit.db import Store
from throughcare.services.integration.delivery.model import MAX_ATTEMPTS, Delivery, Due, Line, Told, backoff
from throughcare.services.integration.notification.model import Audience

LEASE_SECONDS = 60
DISTRIBUTE = 1000
CLAIMED = 1000

DUE = text("""
    select event_id, event_type, path, hmpps_id, prison_id, supervision_status, audiences, last_change_at
      from notification
     where distributed_at is null and due_at <= :now
     order by due_at, event_id limit :limit for update skip locked
""")
FREE = text("""
    select c.name from consumer c join lane l on l.consumer = c.name
     where not c.suspended and c.queue_name is not null and (l.retry_at is null or l.retry_at <= now())
""")
ADVANCE = text("""
    with locked as (select consumer from lane where consumer = any(cast(:names as text[])) order by consumer for update)
    update lane l set position = l.position + c.many
      from unnest(cast(:names as text[]), cast(:counts as bigint[])) as c(name, many), locked
     where l.consumer = c.name and locked.consumer = l.consumer
    returning l.consumer, l.position
""")
FAN_OUT = text("""
    insert into delivery (consumer, position, notification_id, hmpps_id, prison_id, supervision_status, claimed_by,
                          claimed_until, delivered_at)
    select l.consumer, l.first + i.place - 1, n.event_id,
           case when o.event_id is null then n.hmpps_id else o.hmpps_id end,
           case when o.event_id is null then n.prison_id else o.prison_id end,
           coalesce(o.status, n.supervision_status),
           case when l.claimed then cast(:claim as uuid) end,
           case when l.claimed then now() + make_interval(secs => :lease) end,
           case when l.fed then cast(:now as timestamptz) end
      from jsonb_to_recordset(cast(:lines as jsonb))
           as l(consumer text, first bigint, claimed boolean, fed boolean, ids bigint[])
      cross join lateral unnest(l.ids) with ordinality as i(event_id, place)
      join notification n on n.event_id = i.event_id
      left join jsonb_to_recordset(cast(:others as jsonb))
           as o(consumer text, event_id bigint, hmpps_id text, prison_id text, status text)
           on o.consumer = l.consumer and o.event_id = i.event_id
""")
DISTRIBUTED = text("""
    update notification set distributed_at = :now, open = false where event_id = any(cast(:ids as bigint[]))
""")
WAITING = text("""
    select c.name, c.queue_name from consumer c join lane l on l.consumer = c.name
     where not c.suspended and c.queue_name is not null and (l.retry_at is null or l.retry_at <= now())
       and exists (select 1 from delivery d where d.consumer = c.name and d.delivered_at is null and d.dead_at is null
                      and d.available_at <= now() and (d.claimed_until is null or d.claimed_until < now()))
     order by c.name
""")
CLAIM = text("""
    with taken as (
      select position from delivery
       where consumer = :consumer and delivered_at is null and dead_at is null and available_at <= now()
         and (claimed_until is null or claimed_until < now())
         and exists (select 1 from consumer c where c.name = :consumer and not c.suspended)
       order by position limit :limit for update skip locked)
    update delivery d
       set claimed_by = :claim, claimed_until = now() + make_interval(secs => :lease)
      from taken, notification n
     where d.consumer = :consumer and d.position = taken.position and n.event_id = d.notification_id
    returning d.consumer, d.position, n.event_id, d.hmpps_id, n.event_type, n.path, d.prison_id, n.last_change_at,
              d.supervision_status, d.attempts
""")
CONFIRM = text("""
    update delivery set delivered_at = :now, claimed_by = null, claimed_until = null, last_error = null,
                        attempts = attempts + 1
     where consumer = :consumer and position between :first and :last and claimed_by = :claim
""")
WELL = text("""
    update lane set failures = 0, retry_at = null, last_error = null, last_delivered_at = :now
     where consumer = :consumer
""")
POSTPONE = text("""
    update delivery d
       set claimed_by = null, claimed_until = null, last_error = f.error, attempts = d.attempts + 1,
           available_at = now() + make_interval(secs => f.delay),
           dead_at = case when f.final or d.attempts + 1 >= :most then cast(:now as timestamptz) end
      from unnest(cast(:positions as bigint[]), cast(:errors as text[]), cast(:delays as float8[]),
                  cast(:final as boolean[])) as f(position, error, delay, final)
     where d.consumer = :consumer and d.position = f.position and d.claimed_by = :claim
""")
RELEASE = text("""
    update delivery set claimed_by = null, claimed_until = null
     where consumer = :consumer and claimed_by = :claim and delivered_at is null
""")
AWAY = text("""
    update lane set failures = failures + 1, last_error = :error, retry_at = now() + make_interval(secs => :pause)
     where consumer = :consumer returning failures
""")
FAILURES = text("select failures from lane where consumer = :consumer")
CLEAN = text("""
    with old as (
      select o.event_id from notification o
       where o.distributed_at <= :before
         and not exists (select 1 from delivery d
                          where d.notification_id = o.event_id and d.delivered_at is null and d.dead_at is null)
       order by o.distributed_at limit 2000),
    gone as (
      delete from delivery d using old where d.notification_id = old.event_id returning d.consumer, d.position),
    highest as (select consumer, max(position) as position from gone group by consumer order by consumer),
    noted as (
      update lane l set forgotten = greatest(l.forgotten, h.position) from highest h where l.consumer = h.consumer)
    delete from notification n using old where n.event_id = old.event_id
""")


def to_delivery(row: Sequence[Any]) -> Delivery:
    """The delivery in a row: consumer, position, six columns of what is told, status and, it may be, tries."""
    return Delivery(row[0], row[1], Told(*row[2:8]), *row[8:])


class DeliveryStore(Store):
    """The way from a notification that is due to each consumer's queue."""

    async def due(self, now: datetime) -> list[Due]:
        """Notifications whose time has come, oldest first, this transaction's alone."""
        rows = (await self.connection.execute(DUE, {"now": now, "limit": DISTRIBUTE})).all()
        return [Due(row[0], row[1], row[2], Audience(row[4], row[5], row[3]), row[6], row[7]) for row in rows]

    async def free(self) -> set[str]:
        """Consumers to whom something can be sent now."""
        return set((await self.connection.execute(FREE)).scalars())

    async def advance(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Give out as many places as are asked for in each consumer's line; the first of them.

        Whoever advances the same line waits until this transaction has ended, so that places become visible in order.
        """
        names = sorted(counts)
        values = {"names": names, "counts": [counts[name] for name in names]}
        rows = (await self.connection.execute(ADVANCE, values)).all()
        return {row[0]: row[1] - counts[row[0]] + 1 for row in rows}

    async def fan_out(self, lines: Sequence[Line], *, claim: UUID, now: datetime) -> None:
        """Keep a delivery for each notification in each line."""
        others = [
            {
                "consumer": line.consumer, "event_id": event_id, "hmpps_id": one.hmpps_id,
                "prison_id": one.prison_id, "status": one.supervision_status,
            }
            for line in lines
            for event_id, one in line.others.items()
        ]  # fmt: skip
        rows = [
            {"consumer": one.consumer, "first": one.first, "claimed": one.claimed, "fed": one.fed, "ids": one.ids}
            for one in lines
        ]
        values = {"lines": json.dumps(rows), "others": json.dumps(others)}
        await self.connection.execute(FAN_OUT, {**values, "claim": claim, "lease": LEASE_SECONDS, "now": now})

    async def distributed(self, ids: Sequence[int], now: datetime) -> None:
        """It is decided for whom these notifications are."""
        await self.connection.execute(DISTRIBUTED, {"ids": list(ids), "now": now})

    async def waiting(self) -> list[tuple[str, str]]:
        """Consumers for whom something can be sent now, and their queues."""
        return [(row[0], row[1]) for row in (await self.connection.execute(WAITING)).all()]

    async def claim(self, consumer: str, claim: UUID) -> list[Delivery]:
        """The next deliveries for a consumer, for this process alone until the lease ends."""
        values = {"consumer": consumer, "claim": claim, "lease": LEASE_SECONDS, "limit": CLAIMED}
        rows = (await self.connection.execute(CLAIM, values)).all()
        return sorted((to_delivery(row) for row in rows), key=lambda one: one.position)

    async def confirm(self, consumer: str, part: Sequence[Delivery], claim: UUID, now: datetime) -> None:
        """The consumer's queue holds this part of what was claimed, in order, apart from what was postponed before."""
        values = {
            "consumer": consumer, "first": part[0].position, "last": part[-1].position, "claim": claim, "now": now,
        }  # fmt: skip
        await self.connection.execute(CONFIRM, values)

    async def went_well(self, consumer: str, now: datetime) -> None:
        """The consumer's queue takes messages."""
        await self.connection.execute(WELL, {"consumer": consumer, "now": now})

    async def postpone(
        self, consumer: str, failed: Sequence[tuple[Delivery, str, bool]], claim: UUID, now: datetime
    ) -> None:
        """These were refused, with what error: try again later, each with its own back-off, unless it was the last."""
        if failed:
            values = {
                "consumer": consumer,
                "positions": [one.position for one, _, _ in failed],
                "errors": [error for _, error, _ in failed],
                "delays": [backoff(one.tries + 1) for one, _, _ in failed],
                "final": [final for _, _, final in failed],
                "claim": claim, "most": MAX_ATTEMPTS, "now": now,
            }  # fmt: skip
            await self.connection.execute(POSTPONE, values)

    async def release(self, consumer: str, claim: UUID) -> None:
        """Give back what was claimed and not sent."""
        await self.connection.execute(RELEASE, {"consumer": consumer, "claim": claim})

    async def away(self, consumer: str, error: str, longest: float) -> None:
        """The whole queue failed: leave it alone for a while, longer each time."""
        failures = int((await self.connection.execute(FAILURES, {"consumer": consumer})).scalar() or 0)
        values = {"consumer": consumer, "error": error, "pause": backoff(failures + 1, longest)}
        await self.connection.execute(AWAY, values)

    async def clean(self, before: datetime) -> int:
        """Delete one slice of what was delivered to everybody before; how many notifications."""
        return int((await self.connection.execute(CLEAN, {"before": before})).rowcount)
