"""Names and numbers for wildcards, and refreshes that set aside whom they cannot check."""

from alembic import op

revision, down_revision = "0002", "0001"

NAMES = """
alter table {table} add column last_name_text text, add column first_name_text text;
update {table} set last_name_text = ' ' || array_to_string(last_name_words, ' ') || ' ',
                   first_name_text = ' ' || array_to_string(first_name_words, ' ') || ' ';
alter table {table} alter column last_name_text set not null, alter column first_name_text set not null;
create index {table}_last_name_text on {table} using gin (last_name_text gin_trgm_ops);
create index {table}_first_name_text on {table} using gin (first_name_text gin_trgm_ops);
"""
NUMBERS = """
alter table prisoner add column pnc_text text;
update prisoner set pnc_text = concat(
  ' ', upper(document ->> 'pncNumber'), ' ', document ->> 'pncNumberCanonicalLong', ' ',
  document ->> 'pncNumberCanonicalShort', ' ') where pnc_key is not null;
create index prisoner_pnc_text on prisoner using gin (pnc_text gin_trgm_ops);
create index prisoner_cro_text on prisoner using gin (cro_key gin_trgm_ops);
"""
REFRESH = """
alter table refresh add column tries integer not null default 0;
create table refresh_failure (
  refresh_id uuid not null references refresh (id) on delete cascade,
  prisoner_number text not null,
  reason text not null,
  primary key (refresh_id, prisoner_number)
);
"""


def upgrade() -> None:
    """Add what the index and its refreshes need."""
    for table in ("prisoner", "alias"):
        op.execute(NAMES.format(table=table))
    op.execute(NUMBERS)
    op.execute(REFRESH)
