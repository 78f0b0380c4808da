"""What practitioners changed about sent referrals."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0004", "0003"

CHANGELOG = """
create table changelog (
  id uuid primary key,
  referral_id uuid not null references referral,
  topic text not null,
  old_value jsonb not null,
  new_value jsonb not null,
  old_shown text,
  new_shown text,
  reason_for_change text not null,
  changed_at timestamptz not null,
  changed_by uuid not null references actor
);
create index changelog_of_referral on changelog (referral_id, changed_at);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(CHANGELOG)
