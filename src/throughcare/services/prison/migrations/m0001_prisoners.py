"""Prisoners, their identifiers, aliases, bookings, movements and alerts."""

from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None

PEOPLE = """
create sequence prisoner_number_position;
create sequence booking_id;

create table prisoner (
  prisoner_number text primary key,
  title text,
  last_name text not null,
  first_name text not null,
  middle_names text,
  suffix text,
  date_of_birth date not null,
  sex text not null,
  ethnicity text,
  religion text,
  created_at timestamptz not null,
  created_by text not null,
  version integer not null
);
create index prisoner_name on prisoner (last_name, first_name, date_of_birth);

create table identifier (
  id uuid primary key,
  prisoner_number text not null references prisoner,
  type text not null,
  value text not null,
  match_key text not null,
  issued_authority text,
  issued_date date,
  created_at timestamptz not null,
  created_by text not null,
  unique (prisoner_number, type, value)
);
create index identifier_match on identifier (type, match_key);

create table alias (
  id uuid primary key,
  prisoner_number text not null references prisoner,
  title text,
  last_name text not null,
  first_name text not null,
  middle_names text,
  date_of_birth date not null,
  sex text not null,
  ethnicity text,
  created_at timestamptz not null,
  created_by text not null
);
create index alias_prisoner on alias (prisoner_number);
"""
CUSTODY = """
create table booking (
  booking_id bigint primary key,
  prisoner_number text not null references prisoner,
  book_number text not null unique,
  began_at timestamptz not null,
  ended_at timestamptz,
  cell text,
  youth_offender boolean not null,
  created_at timestamptz not null,
  created_by text not null
);
create index booking_prisoner on booking (prisoner_number, booking_id desc);

create table held_for (
  booking_id bigint not null references booking,
  sequence integer not null,
  status text not null,
  effective_at timestamptz not null,
  agency_id text not null,
  primary key (booking_id, sequence)
);

create table key_date (
  booking_id bigint not null references booking,
  type text not null,
  calculated date,
  overridden date,
  primary key (booking_id, type)
);

create table movement (
  prisoner_number text not null references prisoner,
  sequence integer not null,
  booking_id bigint not null references booking,
  type text not null,
  reason text not null,
  direction text not null check (direction in ('IN', 'OUT')),
  from_agency text,
  to_agency text,
  to_city text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  escort text,
  comment text,
  primary key (prisoner_number, sequence)
);
create index movement_booking on movement (booking_id);
"""
ALERTS = """
create table alert (
  id uuid primary key,
  prisoner_number text not null references prisoner,
  code text not null,
  description text,
  authorised_by text,
  active_from date not null,
  active_to date,
  prison_id text,
  created_at timestamptz not null,
  created_by text not null,
  created_name text not null,
  modified_at timestamptz,
  modified_by text,
  modified_name text,
  active_to_set_at timestamptz,
  active_to_set_by text,
  active_to_set_name text,
  made_active_at timestamptz,
  made_inactive_at timestamptz,
  made_inactive_by text,
  made_inactive_name text,
  deleted_at timestamptz,
  deleted_by text,
  deleted_name text,
  version integer not null
);
create index alert_prisoner on alert (prisoner_number, active_from desc);
create index alert_begins on alert (active_from) where made_active_at is null and deleted_at is null;
create index alert_ends on alert (active_to) where made_inactive_at is null and deleted_at is null;
"""


def upgrade() -> None:
    """Make the tables."""
    kit_tables(op)
    for part in (PEOPLE, CUSTODY, ALERTS):
        op.execute(part)
