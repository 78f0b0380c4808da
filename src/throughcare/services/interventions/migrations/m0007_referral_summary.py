"""One row a referral for lists, kept with the facts that it says."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0007", "0006"

SUMMARY = """
create table referral_summary (
  referral_id uuid primary key references referral,
  intervention_id uuid not null,
  reference_number text not null unique,
  crn text not null,
  sent_at timestamptz not null,
  sent_by uuid not null,
  created_by uuid not null,
  first_name text,
  last_name text,
  full_name text,
  assigned_to uuid,
  assignee text,
  concluded_at timestamptz,
  end_requested_at timestamptz,
  has_report boolean not null,
  report_submitted boolean not null,
  started boolean not null,
  expected_release_date date,
  location_type text,
  location text,
  referral_releasing_12_weeks boolean
);
create index referral_summary_of_intervention on referral_summary (intervention_id, sent_at, referral_id);
create index referral_summary_of_person on referral_summary (crn, sent_at);
create index referral_summary_of_author on referral_summary (created_by);
create index referral_summary_of_caseworker on referral_summary (assigned_to, sent_at);
create index referral_summary_by_name on referral_summary (full_name);
drop index referral_person_name;
"""


FILL = """
insert into referral_summary
select r.id, r.intervention_id, r.reference_number, r.crn, r.sent_at, r.sent_by, r.created_by, p.first_name,
       p.last_name, lower(p.first_name || ' ' || p.last_name), a.assigned_to, who.user_name, r.concluded_at,
       r.end_requested_at, e.id is not null, e.submitted_at is not null,
       exists (select from appointment one
                where one.referral_id = r.id and one.delivery_session_id is not null and not one.stale
                  and one.appointment_feedback_submitted_at is not null and one.attended in ('YES', 'LATE')),
       l.expected_release_date, l.person_current_location_type,
       case when l.person_current_location_type = 'CUSTODY' then nullif(l.person_custody_prison_id, '')
            else coalesce(nullif(d.pp_probation_office, ''), nullif(d.pp_pdu, ''), nullif(d.ndelius_pdu, '')) end,
       l.referral_releasing_12_weeks
  from referral r
  join referral_service_user_data p on p.referral_id = r.id
  join referral_location l on l.referral_id = r.id
  join probation_practitioner_details d on d.referral_id = r.id
  left join referral_assignment a on a.referral_id = r.id and not a.superseded
  left join actor who on who.id = a.assigned_to
  left join end_of_service_report e on e.referral_id = r.id
"""


def upgrade() -> None:
    """Make the table and fill it."""
    op.execute(SUMMARY)
    op.execute(FILL)
