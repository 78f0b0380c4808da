"""Finds referrals that have been kept long enough, and notes which were erased."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0013", "0012"


def upgrade() -> None:
    """Make the index and the column."""
    op.execute("create index referral_over on referral (concluded_at) where concluded_at is not null")
    op.execute("alter table referral_reference add column erased_at timestamptz")
