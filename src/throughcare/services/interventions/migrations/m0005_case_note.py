"""Notes on the case of a sent referral."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0005", "0004"

CASE_NOTE = """
create table case_note (
  id uuid primary key,
  referral_id uuid not null references referral,
  subject text not null,
  body text not null,
  sent_at timestamptz not null,
  sent_by uuid not null references actor
);
create index case_note_of_referral on case_note (referral_id, sent_at, id);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(CASE_NOTE)
