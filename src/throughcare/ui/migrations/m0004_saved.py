"""Who saved a form last, for whoever had it open at the same time."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Make the table."""
    op.execute("""
        create table saved (
          place text primary key,
          owner text not null,
          at timestamptz not null
        );
        create index saved_at on saved (at);
    """)
