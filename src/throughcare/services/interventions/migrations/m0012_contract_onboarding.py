"""The record of contracts that were onboarded, and which contracts follow it instead of the packaged files."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0012", "0011"

ONBOARDING = """
create table contract_onboarding (
  id uuid primary key,
  files jsonb not null,
  changes jsonb not null,
  carried_out_at timestamptz not null,
  carried_out_by text not null
);
create index contract_onboarding_newest on contract_onboarding (carried_out_at, id);
create table onboarded_contract (
  contract_id uuid primary key references dynamic_framework_contract,
  onboarding_id uuid not null references contract_onboarding
);
alter table reference_version add column onboarding_id uuid references contract_onboarding;
"""


def upgrade() -> None:
    """Make the tables, and let the version of the reference data name the newest onboarding."""
    op.execute(ONBOARDING)
