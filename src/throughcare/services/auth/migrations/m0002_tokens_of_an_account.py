"""Every token of an account is found without reading all of them."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Make the index."""
    op.execute("create index issued_token_account on issued_token (account_id)")
