from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.execute("""
        create table typed (
          owner text not null,
          place text not null,
          words text not null,
          why text not null,
          at timestamptz not null,
          primary key (owner, place)
        );
        create index typed_at on typed (at);
        create table unfinished (
          id uuid primary key,
          kind text not null,
          owner text not null,
          about text not null,
          words text not null,
          started_at timestamptz not null,
          changed_at timestamptz not null,
          claimed_at timestamptz,
          finished_at timestamptz,
          outcome text
        );
        create index unfinished_owner on unfinished (owner, changed_at) where finished_at is null;
        create index unfinished_changed on unfinished (changed_at);
    """)
