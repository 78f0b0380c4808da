"""Assessments, plans, sessions, appointments and reports."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0003", "0002"

PLANS = """
create table supplier_assessment (
  id uuid primary key,
  referral_id uuid not null unique references referral,
  version integer not null
);
create table action_plan (
  id uuid primary key,
  referral_id uuid not null references referral,
  number_of_sessions integer,
  created_at timestamptz not null,
  created_by uuid not null references actor,
  submitted_at timestamptz,
  submitted_by uuid references actor,
  approved_at timestamptz,
  approved_by uuid references actor,
  version integer not null
);
create index action_plan_of_referral on action_plan (referral_id, created_at);
create table action_plan_activity (
  id uuid primary key,
  action_plan_id uuid not null references action_plan,
  description text not null,
  created_at timestamptz not null
);
create index action_plan_activity_of_plan on action_plan_activity (action_plan_id);
create table delivery_session (
  id uuid primary key,
  referral_id uuid not null references referral,
  session_number integer not null check (session_number > 0),
  version integer not null,
  unique (referral_id, session_number)
);
"""
APPOINTMENT = """
create table appointment (
  id uuid primary key,
  referral_id uuid not null references referral,
  ordinal integer not null,
  supplier_assessment_id uuid references supplier_assessment,
  delivery_session_id uuid references delivery_session,
  appointment_time timestamptz not null,
  duration_in_minutes integer not null,
  delivery_type text not null,
  session_type text,
  nps_office_code text,
  first_address_line text,
  second_address_line text,
  town_or_city text,
  county text,
  post_code text,
  created_at timestamptz not null,
  created_by uuid not null references actor,
  delius_appointment_id bigint,
  attended text check (attended in ('YES', 'LATE', 'NO')),
  did_session_happen boolean,
  attendance_submitted_at timestamptz,
  attendance_submitted_by uuid references actor,
  late boolean,
  late_reason text,
  no_session_reason_type text,
  no_session_reason_pop_acceptable text,
  no_session_reason_pop_unacceptable text,
  no_session_reason_logistics text,
  no_attendance_information text,
  session_summary text,
  session_response text,
  session_behaviour text,
  session_concerns text,
  future_session_plans text,
  notify_probation_practitioner_of_behaviour boolean,
  notify_probation_practitioner_of_concerns boolean,
  session_feedback_submitted_at timestamptz,
  session_feedback_submitted_by uuid references actor,
  appointment_feedback_submitted_at timestamptz,
  appointment_feedback_submitted_by uuid references actor,
  superseded_by_appointment_id uuid unique references appointment,
  reschedule_requested_by text,
  rescheduled_reason text,
  stale boolean not null,
  version integer not null,
  check (num_nonnulls(supplier_assessment_id, delivery_session_id) = 1)
);
create index appointment_of_referral on appointment (referral_id);
create unique index appointment_of_assessment on appointment (supplier_assessment_id, ordinal);
create unique index appointment_of_session on appointment (delivery_session_id, ordinal);
"""
REPORT = """
create table end_of_service_report (
  id uuid primary key,
  referral_id uuid not null unique references referral,
  created_at timestamptz not null,
  created_by uuid not null references actor,
  submitted_at timestamptz,
  submitted_by uuid references actor,
  further_information text,
  version integer not null
);
create table end_of_service_report_outcome (
  end_of_service_report_id uuid not null references end_of_service_report,
  desired_outcome_id uuid not null references desired_outcome,
  achievement_level text not null
    check (achievement_level in ('ACHIEVED', 'PARTIALLY_ACHIEVED', 'NOT_ACHIEVED')),
  progression_comments text,
  additional_task_comments text,
  primary key (end_of_service_report_id, desired_outcome_id)
);
"""


def upgrade() -> None:
    """Make the tables."""
    for ddl in (PLANS, APPOINTMENT, REPORT):
        op.execute(ddl)
