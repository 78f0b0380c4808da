from alembic import op

from throughcare.kit.db.migrate import kit_tables

revision, down_revision = "0001", None


def upgrade() -> None:
    kit_tables(op)
    op.execute("""
        create table pending_sign_in (
          state_hash text primary key,
          browser_hash text not null,
          verifier text not null,
          return_to text not null,
          created_at timestamptz not null
        );
        create table visit (
          id_hash text primary key,
          username text not null,
          name text not null,
          auth_source text not null,
          user_id text not null,
          roles jsonb not null,
          tokens text not null,
          access_expires_at timestamptz not null,
          csrf text not null,
          created_at timestamptz not null,
          last_seen_at timestamptz not null
        );
        create index visit_last_seen on visit (last_seen_at);
        create index pending_sign_in_created on pending_sign_in (created_at);
    """)
