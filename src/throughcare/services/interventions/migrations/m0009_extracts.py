"""The weekly extracts."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0009", "0008"

EXTRACT = """
create table extract_file (
  name text primary key,
  id uuid unique,
  made_at timestamptz,
  rows integer,
  next_id uuid not null,
  previous_id uuid,
  check (num_nonnulls(id, made_at, rows) in (0, 3))
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(EXTRACT)
