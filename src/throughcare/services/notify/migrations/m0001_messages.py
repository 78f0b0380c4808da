"""Messages with their delivery history, callbacks, daily counts and faults."""

from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None

MESSAGES = """
create table notification (
  id uuid primary key,
  service_id uuid not null,
  service text not null,
  key_name text not null,
  key_type text not null,
  channel text not null,
  template_id uuid not null,
  template_key text not null,
  template_version integer not null,
  recipient text not null,
  recipient_normal text not null,
  subject text,
  body text not null,
  personalisation jsonb not null,
  request jsonb not null,
  reference text,
  reply_to text,
  unsubscribe_url text,
  status text not null,
  outcome text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  completed_at timestamptz,
  next_change_at timestamptz
);
create index notification_created on notification (created_at desc, id desc);
create index notification_service on notification (service_id, created_at desc, id desc);
create index notification_reference on notification (service_id, reference);
create index notification_due on notification (next_change_at) where next_change_at is not null;

create table delivery (
  id uuid primary key,
  notification_id uuid not null references notification on delete cascade,
  status text not null,
  at timestamptz not null,
  cause text not null
);
create index delivery_notification on delivery (notification_id, id);
"""
RECEIPTS = """
create table callback (
  id uuid primary key,
  notification_id uuid not null references notification on delete cascade,
  service_id uuid not null,
  payload jsonb not null,
  created_at timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  claimed_until timestamptz,
  finished_at timestamptz,
  outcome text,
  last_status integer
);
create index callback_due on callback (next_attempt_at) where next_attempt_at is not null;
create index callback_notification on callback (notification_id, id);
"""
COUNTS_AND_FAULTS = """
create table sent_today (
  service_id uuid not null,
  day date not null,
  channel text not null,
  messages integer not null,
  primary key (service_id, day, channel)
);

create table fault (
  id uuid primary key,
  kind text not null,
  status integer,
  delay_ms integer,
  remaining integer not null,
  created_at timestamptz not null
);
"""


def upgrade() -> None:
    """Make the kit's tables and the stand-in's."""
    kit_tables(op)
    for ddl in (MESSAGES, RECEIPTS, COUNTS_AND_FAULTS):
        op.execute(ddl)
