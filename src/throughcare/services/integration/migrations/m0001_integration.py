from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None

NOTIFICATIONS = """
create table notification (
  event_id bigint generated always as identity primary key,
  id uuid not null unique,
  hmpps_id text,
  event_type text not null,
  path text not null,
  prison_id text,
  supervision_status text not null,
  first_change_at timestamptz not null,
  last_change_at timestamptz not null,
  due_at timestamptz not null,
  source_event_ids uuid[] not null,
  distributed_at timestamptz
);
create unique index notification_pending on notification (path, event_type, prison_id, supervision_status)
  nulls not distinct where distributed_at is null;
create index notification_due on notification (due_at) where distributed_at is null;
create index notification_person on notification (hmpps_id, event_id);
create index notification_distributed on notification (distributed_at) where distributed_at is not null;
create table refusal (
  id bigint generated always as identity primary key,
  source_event_id uuid not null,
  domain_event text not null,
  event_type text not null,
  reason text not null,
  refused_at timestamptz not null
);
create index refusal_refused_at on refusal (refused_at);
"""
CONSUMERS = """
create table consumer (
  name text primary key,
  roles text[] not null,
  include text[] not null,
  filters jsonb not null,
  queue_name text unique,
  suspended boolean not null,
  version integer not null
);
create table delivery (
  id bigint generated always as identity primary key,
  notification_id bigint not null references notification (event_id) on delete cascade,
  consumer text not null references consumer (name) on delete cascade,
  attempts integer not null default 0,
  available_at timestamptz not null default now(),
  claimed_by uuid,
  claimed_until timestamptz,
  last_error text,
  delivered_at timestamptz,
  unique (notification_id, consumer)
);
create index delivery_pending on delivery (consumer, id) where delivered_at is null;
"""


def upgrade() -> None:
    kit_tables(op)
    op.execute(NOTIFICATIONS)
    op.execute(CONSUMERS)
