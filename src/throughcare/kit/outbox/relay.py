"""Carries events from the outbox to the bus: at least once, in order per aggregate, whatever dies meanwhile."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import RowMapping, text

from throughcare.kit.clock import Clock
from throughcare.kit.db.database import Database, Queries
from throughcare.kit.failpoints import failpoint
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Bus, Outgoing, Sent
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.telemetry.traces import publish_span

log = get_logger(__name__)

BATCH = 200
LEASE_SECONDS = 60
MAX_ATTEMPTS = 20
KEEP_DAYS = 14

CLAIM = text("""
    update outbox set claimed_by = :relay, claimed_until = now() + make_interval(secs => :lease),
                      attempts = attempts + 1
     where id in (
       select o.id from outbox o
        where o.published_at is null and o.dead_at is null and o.available_at <= now()
          and (o.claimed_until is null or o.claimed_until < now())
          and not exists (select 1 from outbox earlier
                           where earlier.aggregate_type = o.aggregate_type
                             and earlier.aggregate_id = o.aggregate_id
                             and earlier.published_at is null and earlier.seq < o.seq)
        order by o.seq limit :batch for update skip locked)
       and published_at is null
    returning id, seq, topic, event_type, payload, attributes, attempts
""")
MARK = text("""
    update outbox o set published_at = now(), message_id = r.message_id, claimed_by = null, claimed_until = null
      from unnest(cast(:ids as uuid[]), cast(:message_ids as text[])) as r(id, message_id)
     where o.id = r.id and o.claimed_by = :relay
""")
POSTPONE = text("""
    update outbox o set claimed_by = null, claimed_until = null, last_error = r.error,
           available_at = now() + make_interval(secs => r.delay),
           dead_at = case when o.attempts >= :max_attempts then now() end
      from unnest(cast(:ids as uuid[]), cast(:errors as text[]), cast(:delays as float8[])) as r(id, error, delay)
     where o.id = r.id and o.claimed_by = :relay
    returning o.id, o.dead_at
""")
STATE = text("""
    select count(*) filter (where dead_at is null) as pending, count(*) filter (where dead_at is not null) as dead,
           coalesce(extract(epoch from now() - min(created_at) filter (where dead_at is null)), 0)::float8 as oldest
      from outbox where published_at is null
""")
REVIVE = text("update outbox set dead_at = null, attempts = 0, available_at = now() where dead_at is not null")
CLEAN = text("""
    delete from outbox where id in (
      select id from outbox where published_at < now() - make_interval(days => :days) limit 5000)
""")


@dataclass(frozen=True)
class OutboxState:
    """Events not yet on the bus: waiting, given up after 20 attempts, and the age in seconds of the oldest."""

    pending: int
    dead: int
    oldest_seconds: float


def backoff(attempts: int) -> float:
    """Seconds until the next try: 1, 2, 4 … up to five minutes, ±20 % so that retries spread."""
    return float(min(300.0, 2.0 ** max(0, attempts - 1)) * random.uniform(0.8, 1.2))


class Relay:
    """Publishes one service's outbox. Any number may run: a lease keeps them off each other's rows."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, service: str) -> None:
        self._database, self._bus, self._clock = database, bus, clock
        self.service = service
        self._name = f"{service}-{new_id()}"

    async def step(self) -> int:
        """Claim one batch, publish it, mark each entry by its own result; how many were published."""
        claimed = await self._database.alone(CLAIM, {"relay": self._name, "lease": LEASE_SECONDS, "batch": BATCH})
        if not claimed:
            return 0
        await failpoint("relay.after_claim")
        published = 0
        rows = sorted(claimed, key=lambda row: (row["topic"], row["seq"]))
        for topic, group in groupby(rows, key=lambda row: str(row["topic"])):
            published += await self._publish(topic, list(group))
        return published

    async def _publish(self, topic: str, rows: Sequence[RowMapping]) -> int:
        published_at = self._clock.now()
        messages = [_outgoing(row, topic, published_at, self._bus.topic_system) for row in rows]
        try:
            results = await self._bus.publish(topic, messages)
        except Exception as error:  # the bus is away: every row waits its turn
            log.warning("publishing failed", labels={"service": self.service, "error": type(error).__name__})
            results = [Sent(message.key, error=type(error).__name__) for message in messages]
        await failpoint("relay.after_publish")
        await self._mark([one for one in results if one.ok])
        await self._postpone([one for one in results if not one.ok], rows)
        await failpoint("relay.after_mark")
        done = sum(one.ok for one in results)
        metrics.outbox_published_total.labels(self.service, topic).inc(done)
        return done

    async def _mark(self, sent: Sequence[Sent]) -> None:
        if sent:
            ids, message_ids = [UUID(one.key) for one in sent], [one.message_id or "" for one in sent]
            values = {"relay": self._name, "ids": ids, "message_ids": message_ids}
            await self._database.alone(MARK, values)

    async def _postpone(self, failed: Sequence[Sent], rows: Sequence[RowMapping]) -> None:
        if not failed:
            return
        attempts = {str(row["id"]): int(row["attempts"]) for row in rows}
        values = {
            "relay": self._name,
            "ids": [UUID(one.key) for one in failed],
            "errors": [one.error for one in failed],
            "delays": [backoff(attempts[one.key]) for one in failed],
            "max_attempts": MAX_ATTEMPTS,
        }
        for row in await self._database.alone(POSTPONE, values):
            if row["dead_at"] is not None:
                log.error("event given up", labels={"service": self.service, "event_id": str(row["id"])})

    async def state(self) -> OutboxState:
        """What waits in the outbox."""
        async with self._database.reading(Queries) as queries:
            row = await queries.one_or_none(STATE)
        if row is None:
            return OutboxState(0, 0, 0.0)
        return OutboxState(row["pending"], row["dead"], max(0.0, row["oldest"]))

    async def revive(self) -> int:
        """Let events that were given up be tried again; how many."""
        async with self._database.writing(Queries) as queries:
            return await queries.run(REVIVE)

    async def clean(self) -> int:
        """Delete one slice of what was published more than 14 days ago; how many rows."""
        async with self._database.writing(Queries) as queries:
            return int((await queries.connection.execute(CLEAN, {"days": KEEP_DAYS})).rowcount)


def _outgoing(row: RowMapping, topic: str, published_at: datetime, system: str) -> Outgoing:
    attributes = dict(row["attributes"])
    with publish_span(row["event_type"], topic, attributes.get("traceparent"), system=system) as span:
        payload = {**row["payload"], "publishedAt": published_at.isoformat()}
        if span.traceparent:
            attributes["traceparent"] = span.traceparent
    return Outgoing(key=str(row["id"]), body=json.dumps(payload), attributes=attributes)
