"""Whether a practitioner has checked the personal details that a draft will send."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0017", "0016"


def upgrade() -> None:
    """Add the column."""
    op.execute("alter table draft_referral add column has_confirmed_personal_details boolean")
