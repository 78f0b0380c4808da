from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None


def upgrade() -> None:
    kit_tables(op)
    op.execute("""
        create table thing (
          id uuid primary key, name text not null, version integer not null, made_at timestamptz not null);
        create table effect (event_id uuid not null, thing_id uuid not null, name text not null, unique (event_id));
    """)
