"""The outbox: one table in each service's schema, written in the business transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import MAX_EVENT_BYTES, DomainEvent, Producer
from throughcare.kit.telemetry.correlation import current_correlation_id
from throughcare.kit.telemetry.traces import current_traceparent

DDL = """
create table outbox (
  id uuid primary key,
  seq bigint generated always as identity,
  topic text not null,
  event_type text not null,
  event_version integer not null,
  aggregate_type text not null,
  aggregate_id text not null,
  payload jsonb not null,
  attributes jsonb not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  available_at timestamptz not null default now(),
  claimed_by text,
  claimed_until timestamptz,
  attempts integer not null default 0,
  last_error text,
  published_at timestamptz,
  message_id text,
  dead_at timestamptz
);
create index outbox_pending on outbox (seq) where published_at is null and dead_at is null;
create index outbox_pending_aggregate on outbox (aggregate_type, aggregate_id, seq) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;
create index outbox_recent on outbox (seq desc);
create index outbox_correlation on outbox ((payload ->> 'correlationId'));
create function outbox_appended() returns trigger language plpgsql as $$
begin
  perform pg_notify('throughcare_outbox', tg_table_schema);
  return null;
end $$;
create trigger outbox_appended after insert on outbox for each statement execute function outbox_appended();
"""

APPEND = text("""
    insert into outbox (id, topic, event_type, event_version, aggregate_type, aggregate_id, payload, attributes,
                        occurred_at)
    select r.id, r.topic, r.event_type, r.event_version, r.aggregate_type, r.aggregate_id, r.payload, r.attributes,
           r.occurred_at
      from jsonb_to_recordset(cast(cast(:rows as text) as jsonb)) as r(
           id uuid, topic text, event_type text, event_version integer, aggregate_type text, aggregate_id text,
           payload jsonb, attributes jsonb, occurred_at timestamptz)
""")


def outbox_rows(events: Sequence[DomainEvent], producer: Producer, now: datetime) -> str:
    """The rows for ``events``, as ``APPEND`` takes them. Raises ValueError when one is larger than 64 KiB."""
    rows = [_row(event, producer, now) for event in events]
    written = json.dumps(rows)
    if len(written) > MAX_EVENT_BYTES:
        for row in rows:
            if len(json.dumps(row["payload"])) > MAX_EVENT_BYTES:
                raise ValueError(f"{row['event_type']} is larger than {MAX_EVENT_BYTES} bytes")
    return written


def _row(event: DomainEvent, producer: Producer, now: datetime) -> dict[str, object]:
    event_id = new_id()
    payload = event.envelope(event_id, producer, now, current_correlation_id())
    attributes = {"eventType": event.event_type}
    if traceparent := current_traceparent():
        attributes["traceparent"] = traceparent
    return {
        "id": str(event_id),
        "topic": event.topic,
        "event_type": event.event_type,
        "event_version": event.event_version,
        "aggregate_type": event.aggregate,
        "aggregate_id": str(getattr(event, event.key)),
        "payload": payload,
        "attributes": attributes,
        "occurred_at": payload["occurredAt"],
    }
