"""Keeps which list a referral is on with its facts, and finds the top of each list without reading the rest."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0014", "0013"

STANDING = """
alter table referral_summary add column standing text not null generated always as (
  case when concluded_at is not null and report_submitted then 'COMPLETED'
       when concluded_at is not null and end_requested_at is not null and not started then 'CANCELLED'
       else 'OPEN' end) stored;
create index referral_summary_by_sending on referral_summary (intervention_id, standing, sent_at, referral_id);
create index referral_summary_by_reference
  on referral_summary (intervention_id, standing, reference_number, sent_at, referral_id);
create index referral_summary_by_surname
  on referral_summary (intervention_id, standing, last_name, sent_at, referral_id);
create index referral_summary_by_conclusion
  on referral_summary (intervention_id, standing, concluded_at desc nulls last, sent_at desc, referral_id desc);
create index referral_summary_unassigned
  on referral_summary (intervention_id, standing, sent_at, referral_id) where assigned_to is null;
create index referral_summary_by_caseworker on referral_summary (assigned_to, standing, sent_at, referral_id);
drop index referral_summary_of_intervention;
drop index referral_summary_of_caseworker;
"""


def upgrade() -> None:
    """Make the column and the indexes."""
    op.execute(STANDING)
