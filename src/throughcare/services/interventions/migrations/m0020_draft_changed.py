"""When something was last written in a draft."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0020", "0019"


def upgrade() -> None:
    """Add the column; of a draft that is there already nobody knows."""
    op.execute("alter table draft_referral add column changed_at timestamptz")
