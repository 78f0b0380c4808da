"""Clients may have public keys of their own; what they sign with them is good once."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Add the column and the table."""
    op.execute("alter table oauth_client add column keys jsonb not null default '[]'")
    op.execute("""
        create table client_assertion (
          client_id text not null,
          jti text not null,
          expires_at timestamptz not null,
          primary key (client_id, jti)
        );
        create index client_assertion_expiry on client_assertion (expires_at);
    """)
