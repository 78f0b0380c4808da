"""Clients that were registered at run time are told from those that the system declares."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Add the column."""
    op.execute("alter table oauth_client add column registered boolean not null default false")
