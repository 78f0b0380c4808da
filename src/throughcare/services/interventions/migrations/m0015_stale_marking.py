"""The record of appointments that an administrator put aside."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0015", "0014"

MARKING = """
create table stale_marking (
  id uuid primary key,
  appointment_ids jsonb not null,
  reason text not null,
  carried_out_at timestamptz not null,
  carried_out_by text not null
);
create index stale_marking_newest on stale_marking (carried_out_at, id);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(MARKING)
