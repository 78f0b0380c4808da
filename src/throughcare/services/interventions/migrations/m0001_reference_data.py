"""The kit's tables, those of mail, and the reference data."""

from __future__ import annotations

from alembic import op

from throughcare.kit.db.migrate import kit_tables
from throughcare.kit.notify import table as mail

revision, down_revision = "0001", None

REGIONS = """
create table reference_version (
  one boolean primary key default true check (one),
  digest text not null,
  loaded_at timestamptz not null
);
create table probation_region (code text primary key, name text not null unique);
create table pcc_region (
  id text primary key,
  name text not null unique,
  probation_region text not null references probation_region
);
create table probation_delivery_unit (
  id integer primary key,
  name text not null,
  probation_region text not null references probation_region
);
create table probation_office (
  id integer primary key,
  name text not null,
  address text not null,
  probation_region text not null references probation_region,
  page text,
  delius_code text
);
"""
SERVICES = """
create table service_provider (id text primary key, name text not null);
create table service_category (id uuid primary key, name text not null);
create table complexity_level (
  id uuid primary key,
  service_category_id uuid not null references service_category,
  complexity text not null check (complexity in ('LOW', 'MEDIUM', 'HIGH')),
  title text not null,
  description text not null
);
create table desired_outcome (
  id uuid primary key,
  service_category_id uuid not null references service_category,
  description text not null,
  deprecated_at timestamptz,
  rule_type text check (rule_type in ('INCLUDE', 'EXCLUDE')),
  rule_contracts jsonb,
  check ((rule_type is null) = (rule_contracts is null))
);
create table contract_type (id uuid primary key, code text not null unique, name text not null);
create table contract_type_service_category (
  contract_type_id uuid not null references contract_type,
  service_category_id uuid not null references service_category,
  primary key (contract_type_id, service_category_id)
);
"""
CONTRACTS = """
create table dynamic_framework_contract (
  id uuid primary key,
  contract_reference text not null unique,
  contract_type_id uuid not null references contract_type,
  prime_provider_id text not null references service_provider,
  probation_region text references probation_region,
  pcc_region text references pcc_region,
  minimum_age integer not null,
  maximum_age integer,
  allows_female boolean not null,
  allows_male boolean not null,
  referral_start_date date not null,
  referral_end_at timestamptz,
  check ((probation_region is null) <> (pcc_region is null))
);
create table contract_subcontractor (
  contract_id uuid not null references dynamic_framework_contract,
  service_provider_id text not null references service_provider,
  primary key (contract_id, service_provider_id)
);
create table intervention (
  id uuid primary key,
  dynamic_framework_contract_id uuid not null unique references dynamic_framework_contract,
  title text not null,
  description text not null,
  incoming_referral_distribution_email text not null
);
create table withdrawal_reason (code text primary key, description text not null, grouping text not null);
create table cancellation_reason (code text primary key, description text not null);
"""


def upgrade() -> None:
    """Make the tables."""
    kit_tables(op)
    for ddl in (mail.DDL, REGIONS, SERVICES, CONTRACTS):
        op.execute(ddl)
