"""Finds referrals that were left open without reading the others."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0011", "0010"


def upgrade() -> None:
    """Make the index."""
    op.execute(
        "create index referral_left_open on referral (id) where end_requested_at is not null and concluded_at is null"
    )
