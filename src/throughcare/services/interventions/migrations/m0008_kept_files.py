"""Performance reports, and the indexes by which they and requests of persons are answered."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0008", "0007"

FILES = """
create table kept_file_part (
  file_id uuid not null,
  ordinal integer not null,
  content text not null,
  primary key (file_id, ordinal)
);
create table performance_report (
  id uuid primary key,
  file text not null unique,
  requested_at timestamptz not null,
  requested_by uuid not null references actor,
  from_date date not null,
  to_date date not null,
  interventions jsonb not null,
  total integer not null,
  done integer not null,
  parts integer not null,
  last_sent_at timestamptz,
  last_referral_id uuid,
  attempts integer not null,
  not_before timestamptz not null,
  finished_at timestamptz,
  failed_at timestamptz
);
create index performance_report_of_person on performance_report (requested_by, requested_at);
create index performance_report_open on performance_report (requested_at)
  where finished_at is null and failed_at is null;
create index referral_by_sending on referral (sent_at, id);
create index draft_referral_of_person on draft_referral (crn);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(FILES)
