"""The record of referrals that were moved to another contract."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0010", "0009"

TRANSFER = """
create table contract_transfer (
  id uuid primary key,
  source text not null,
  target text not null,
  reference_numbers jsonb not null,
  reason text not null,
  carried_out_at timestamptz not null,
  carried_out_by text not null
);
create index contract_transfer_newest on contract_transfer (carried_out_at, id);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TRANSFER)
