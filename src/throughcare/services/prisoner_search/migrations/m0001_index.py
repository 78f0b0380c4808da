from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None

INDEX = """
create table prisoner (
  prisoner_number text primary key,
  document jsonb not null,
  source_version integer not null,
  last_movement_sequence integer not null,
  booking_id bigint,
  book_number text,
  pnc_key text,
  cro_key text,
  last_name text not null,
  first_name text not null,
  last_name_words text[] not null,
  first_name_words text[] not null,
  date_of_birth date not null,
  gender text,
  prison_id text,
  indexed_at timestamptz not null
);
create index prisoner_last_name_words on prisoner using gin (last_name_words);
create index prisoner_first_name_words on prisoner using gin (first_name_words);
create index prisoner_date_of_birth on prisoner (date_of_birth);
create index prisoner_booking_id on prisoner (booking_id);
create index prisoner_book_number on prisoner (book_number);
create index prisoner_pnc_key on prisoner (pnc_key);
create index prisoner_cro_key on prisoner (cro_key);
create index prisoner_prison on prisoner (prison_id, last_name, first_name, prisoner_number);
create table alias (
  prisoner_number text not null references prisoner (prisoner_number) on delete cascade,
  position integer not null,
  last_name_words text[] not null,
  first_name_words text[] not null,
  date_of_birth date not null,
  gender text,
  primary key (prisoner_number, position)
);
create index alias_last_name_words on alias using gin (last_name_words);
create index alias_first_name_words on alias using gin (first_name_words);
create index alias_date_of_birth on alias (date_of_birth);
"""
REFRESH = """
create table refresh (
  id uuid primary key,
  requested_at timestamptz not null,
  requested_by text not null,
  next_page integer not null,
  after text not null,
  checked integer not null,
  leased_until timestamptz not null,
  finished_at timestamptz
);
create unique index refresh_under_way on refresh ((finished_at is null)) where finished_at is null;
"""


def upgrade() -> None:
    kit_tables(op)
    op.execute(INDEX)
    op.execute(REFRESH)
