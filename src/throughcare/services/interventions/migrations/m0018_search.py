"""Finds referrals by a part of a name, a CRN or a reference number, also when a name is not quite right."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0018", "0017"

SEARCH = """
create index referral_summary_search on referral_summary
  using gin (full_name gin_trgm_ops, crn gin_trgm_ops, reference_number gin_trgm_ops);
"""


def upgrade() -> None:
    """Make the index."""
    op.execute(SEARCH)
