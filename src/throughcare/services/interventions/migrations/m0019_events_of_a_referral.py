"""Events are found by the referral that they are about."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0019", "0018"


def upgrade() -> None:
    """Make the index."""
    op.execute("create index outbox_of_aggregate on outbox (aggregate_id, seq)")
