"""What operators ask: who is told of what, and what became of a notification."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, text

from throughcare.kit.db import Views
from throughcare.services.integration.oversight.schemas import (
    DeliveryState,
    LaneState,
    NotificationState,
    OpenDelivery,
    RefusalState,
    Totals,
)

MOST = 500

_STATE = (
    "case when d.delivered_at is not null then 'DELIVERED' when d.dead_at is not null then 'DEAD' else 'WAITING' end"
)
_NOTIFICATIONS = f"""
    select n.*, coalesce(jsonb_agg(jsonb_build_object(
             'consumer', d.consumer, 'position', d.position, 'state', {_STATE}, 'attempts', d.attempts,
             'deliveredAt', d.delivered_at, 'lastError', d.last_error)
             order by d.consumer, d.position) filter (where d.position is not null), '[]'::jsonb) as deliveries,
           count(*) filter (where d.position is not null and d.delivered_at is null and d.dead_at is null) as unsent
      from notification n left join delivery d on d.notification_id = n.event_id
     where {{where}}
     group by n.event_id order by n.event_id limit {MOST}
"""  # constants
ABOUT = text(_NOTIFICATIONS.format(where="n.hmpps_id = :value"))
CAUSED_BY = text(_NOTIFICATIONS.format(where="n.source_event_ids @> array[cast(:value as uuid)]"))
ONE = text(_NOTIFICATIONS.format(where="n.event_id = :value"))
LANES = text("""
    select l.consumer, l.position, l.failures, l.retry_at, l.last_error, l.last_delivered_at, p.waiting, p.dead,
           l.position - p.waiting - p.dead as delivered,
           greatest(0, coalesce(extract(epoch from :now - n.distributed_at), 0))::float8 as lag_seconds
      from lane l
      cross join lateral (
        select (select count(*) from delivery d
                 where d.consumer = l.consumer and d.delivered_at is null and d.dead_at is null) as waiting,
               (select count(*) from delivery d where d.consumer = l.consumer and d.dead_at is not null) as dead) p
      left join lateral (
        select n.distributed_at from delivery d join notification n on n.event_id = d.notification_id
         where d.consumer = l.consumer and d.delivered_at is null and d.dead_at is null
         order by d.position limit 1) n on true
""")
_OPEN = f"""
    select d.consumer, d.position, {_STATE} as state, d.attempts, d.delivered_at, d.last_error, n.event_id,
           n.event_type, n.path, n.distributed_at
      from delivery d join notification n on n.event_id = d.notification_id
     where d.delivered_at is null and {{which}} order by {{order}} limit :limit
"""  # a constant
_WHICH = {
    "waiting": "d.dead_at is null",
    "stuck": "d.dead_at is null and d.attempts > 0",
    "dead": "d.dead_at is not null",
}
_OLDEST = "n.distributed_at, d.consumer, d.position"
OPEN = {state: text(_OPEN.format(which=which, order=_OLDEST)) for state, which in _WHICH.items()}
OPEN_OF = {
    state: text(_OPEN.format(which=f"{which} and d.consumer = :consumer", order="d.position"))
    for state, which in _WHICH.items()
}
_REFUSALS = "select source_event_id, domain_event, event_type, reason, refused_at from refusal"
REFUSALS = text(f"{_REFUSALS} order by id desc limit :limit")  # a constant
REFUSALS_OF = text(f"{_REFUSALS} where source_event_id = :source order by id desc limit :limit")  # a constant
TOTALS = text("""
    select count(*) filter (where due_at > :now) as collecting, count(*) filter (where due_at <= :now) as due,
           coalesce(extract(epoch from :now - min(due_at) filter (where due_at <= :now)), 0)::float8 as oldest
      from notification where distributed_at is null
""")


class OversightViews(Views):
    """Read-only queries for operators."""

    async def about(self, hmpps_id: str) -> list[NotificationState]:
        """The notifications about a person, oldest first, with each delivery."""
        return await self._notifications(ABOUT, hmpps_id)

    async def caused_by(self, event_id: object) -> list[NotificationState]:
        """The notifications that a domain event led to."""
        return await self._notifications(CAUSED_BY, event_id)

    async def one(self, event_id: int) -> NotificationState | None:
        """One notification."""
        return next(iter(await self._notifications(ONE, event_id)), None)

    async def lanes(self, now: datetime) -> dict[str, LaneState]:
        """How the line of each consumer stands."""
        rows = (await self.connection.execute(LANES, {"now": now})).mappings().all()
        return {row["consumer"]: LaneState(**row) for row in rows}

    async def undelivered(
        self, state: Literal["waiting", "stuck", "dead"], consumer: str | None, limit: int
    ) -> list[OpenDelivery]:
        """Deliveries that have not reached their consumers, oldest first."""
        if consumer is None:
            found = await self.connection.execute(OPEN[state], {"limit": limit})
        else:
            found = await self.connection.execute(OPEN_OF[state], {"consumer": consumer, "limit": limit})
        return [OpenDelivery(**row) for row in found.mappings()]

    async def refusals(self, source: UUID | None, limit: int) -> list[RefusalState]:
        """The newest refusals, of one domain event or of all."""
        if source is None:
            found = await self.connection.execute(REFUSALS, {"limit": limit})
        else:
            found = await self.connection.execute(REFUSALS_OF, {"source": source, "limit": limit})
        return [RefusalState(**row) for row in found.mappings()]

    async def totals(self, now: datetime) -> Totals:
        """How many notifications collect, and how many are due."""
        row = (await self.connection.execute(TOTALS, {"now": now})).mappings().one()
        return Totals(collecting=row["collecting"], due=row["due"], oldest_due_seconds=max(0.0, row["oldest"]))

    async def _notifications(self, statement: TextClause, value: object) -> list[NotificationState]:
        rows = (await self.connection.execute(statement, {"value": value})).mappings().all()
        return [_state(row) for row in rows]


_NAMES = (
    "event_id", "event_type", "path", "hmpps_id", "prison_id", "supervision_status", "first_change_at",
    "last_change_at", "due_at", "distributed_at", "source_event_ids",
)  # fmt: skip


def _state(row: RowMapping) -> NotificationState:
    deliveries: Sequence[object] = row["deliveries"]
    status = "PENDING" if row["distributed_at"] is None else "PROCESSING" if row["unsent"] else "PROCESSED"
    return NotificationState(
        **{name: row[name] for name in _NAMES},
        status=status,
        deliveries=[DeliveryState.model_validate(one) for one in deliveries],
    )
