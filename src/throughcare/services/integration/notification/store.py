"""Notifications and refusals in PostgreSQL, in sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from throughcare.kit.db import Store
from throughcare.services.integration.notification.model import MAX_SOURCES, Pending, Refusal

CLOSE = text("""
    with due as (
      select n.event_id from notification n
        join unnest(cast(:paths as text[]), cast(:types as text[])) as k(path, event_type) using (path, event_type)
       where n.open and n.due_at <= :now order by n.event_id for update of n)
    update notification n set open = false from due where n.event_id = due.event_id
""")
ADD = text(f"""
    insert into notification as pending
           (hmpps_id, event_type, path, prison_id, supervision_status, audiences, first_change_at, last_change_at,
            due_at, source_event_ids)
    select n.hmpps_id, n.event_type, n.path, n.prison_id, n.supervision_status, n.audiences, :now, :now, :due,
           n.sources
      from jsonb_to_recordset(cast(:rows as jsonb))
           as n(hmpps_id text, event_type text, path text, prison_id text, supervision_status text, audiences jsonb,
                sources uuid[])
        on conflict (path, event_type) where open do update
       set hmpps_id = excluded.hmpps_id, prison_id = excluded.prison_id,
           supervision_status = excluded.supervision_status,
           audiences = pending.audiences || excluded.audiences,
           last_change_at = greatest(pending.last_change_at, excluded.last_change_at),
           source_event_ids = (pending.source_event_ids || excluded.source_event_ids)[1:{MAX_SOURCES}]
""")  # a constant
REFUSE = text("""
    insert into refusal (source_event_id, domain_event, event_type, reason, refused_at)
    select r.source, r.domain_event, r.event_type, r.reason, :now
      from jsonb_to_recordset(cast(:rows as jsonb)) as r(source uuid, domain_event text, event_type text, reason text)
""")
CLEAN_REFUSALS = text("""
    delete from refusal where id in (select id from refusal where refused_at < :before order by refused_at limit 5000)
""")


class NotificationStore(Store):
    """Writes pending notifications."""

    async def add(self, pending: Sequence[Pending], *, now: datetime, delay: timedelta) -> None:
        """Store all in two statements, however many there are.

        One that collects already keeps its due time, so that nobody is starved; one whose time has come collects no
        longer, whether or not it was sent yet, so that what is told does not depend on how fast that happens.
        ``pending`` is in the order of its keys, so that two writers cannot block each other for ever.
        """
        if not pending:
            return
        rows = json.dumps([_row(one) for one in pending])
        keys = {"paths": [one.latest.path for one in pending], "types": [one.latest.event_type for one in pending]}
        await self.connection.execute(CLOSE, {**keys, "now": now})
        await self.connection.execute(ADD, {"rows": rows, "now": now, "due": now + delay})

    async def refuse(self, refusals: Sequence[Refusal], *, now: datetime) -> None:
        """Put on record which types of an event could not be told, and why."""
        if not refusals:
            return
        rows = [
            {
                "source": str(one.source),
                "domain_event": one.domain_event,
                "event_type": one.event_type,
                "reason": one.reason,
            }
            for one in refusals
        ]
        await self.connection.execute(REFUSE, {"rows": json.dumps(rows), "now": now})

    async def clean_refusals(self, before: datetime) -> int:
        """Delete one slice of the refusals of before; how many."""
        return int((await self.connection.execute(CLEAN_REFUSALS, {"before": before})).rowcount)


def _row(one: Pending) -> dict[str, object]:
    latest = one.latest
    return {
        "hmpps_id": latest.hmpps_id,
        "event_type": latest.event_type,
        "path": latest.path,
        "prison_id": latest.prison_id,
        "supervision_status": latest.supervision_status,
        "audiences": one.concerned,
        "sources": [str(source) for source in one.sources[:MAX_SOURCES]],
    }
