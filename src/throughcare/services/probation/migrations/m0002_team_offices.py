"""The offices in which a team works."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0002", "0001"

TEAM_OFFICES = """
create table team_office (
  team_code text not null references team,
  location_code text not null,
  primary key (team_code, location_code)
);
insert into team_office (team_code, location_code) values ('N50UAT', 'CRS0276');
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TEAM_OFFICES)
