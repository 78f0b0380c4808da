"""What the frame of every page shows: organisations, banners; and what people report."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Make the tables."""
    op.execute("""
        alter table visit add column organisations jsonb not null default '[]';
        alter table visit add column dismissed jsonb not null default '[]';
        create table banner (
          id uuid primary key,
          kind text not null check (kind in ('outage', 'broadcast', 'whats_new')),
          audience text not null check (audience in ('everybody', 'practitioners', 'providers')),
          title text not null,
          body text not null,
          starts_at timestamptz not null,
          ends_at timestamptz,
          dismissible boolean not null,
          written_by text not null,
          written_at timestamptz not null
        );
        create table problem_report (
          id uuid primary key,
          reference text not null unique,
          words text not null,
          owner text,
          received_at timestamptz not null,
          closed_at timestamptz,
          closed_by text
        );
        create index problem_report_open on problem_report (received_at) where closed_at is null;
    """)
