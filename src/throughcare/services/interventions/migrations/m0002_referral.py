"""Actors, drafts and sent referrals."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0002", "0001"

DRAFTS = """
create table actor (
  id uuid primary key,
  auth_source text not null,
  user_name text not null,
  user_id text not null
);
create index actor_user_id on actor (user_id);
create table draft_referral (
  id uuid primary key,
  created_at timestamptz not null,
  created_by uuid not null references actor,
  crn text not null,
  intervention_id uuid not null references intervention,
  relevant_sentence_id bigint,
  selection jsonb not null,
  additional_risk_information text,
  additional_risk_information_updated_at timestamptz,
  version integer not null,
  title text,
  first_name text,
  last_name text,
  date_of_birth date,
  gender text,
  ethnicity text,
  preferred_language text,
  religion_or_belief text,
  disabilities jsonb,
  additional_needs_information text,
  accessibility_needs text,
  needs_interpreter boolean,
  interpreter_language text,
  has_additional_responsibilities boolean,
  when_unavailable text,
  person_current_location_type text check (person_current_location_type in ('CUSTODY', 'COMMUNITY')),
  person_custody_prison_id text,
  expected_release_date date,
  expected_release_date_missing_reason text,
  referral_releasing_12_weeks boolean,
  expected_probation_office text,
  expected_probation_office_unknown_reason text,
  ndelius_pp_name text,
  ndelius_pp_email_address text,
  ndelius_pdu text,
  ndelius_phone_number text,
  ndelius_team_phone_number text,
  pp_name text,
  pp_email_address text,
  pp_pdu text,
  pp_probation_office text,
  pp_phone_number text,
  pp_team_phone_number text,
  role_or_job_title text,
  pp_establishment text,
  completion_deadline date,
  further_information text,
  maximum_enforceable_days integer,
  reason_for_referral text,
  reason_for_referral_further_information text,
  reason_for_referral_before_allocation text,
  already_know_prison_name boolean,
  allocated_community_pp boolean,
  has_valid_delius_pp_details boolean,
  has_main_point_of_contact_details boolean
);
create index draft_referral_author on draft_referral (created_by, created_at);
create index draft_referral_age on draft_referral (created_at);
create table draft_oasys_risk_information (
  draft_id uuid primary key references draft_referral deferrable initially deferred,
  updated_at timestamptz not null,
  updated_by uuid not null references actor,
  risk_summary_who_is_at_risk text,
  risk_summary_nature_of_risk text,
  risk_summary_risk_imminence text,
  risk_to_self_suicide text,
  risk_to_self_self_harm text,
  risk_to_self_hostel_setting text,
  risk_to_self_vulnerability text,
  additional_information text
);
"""
REFERRAL = """
create table referral_reference (reference_number text primary key, referral_id uuid not null unique);
create table referral (
  id uuid primary key,
  reference_number text not null unique references referral_reference,
  created_at timestamptz not null,
  created_by uuid not null references actor,
  sent_at timestamptz not null,
  sent_by uuid not null references actor,
  crn text not null,
  intervention_id uuid not null references intervention,
  relevant_sentence_id bigint not null,
  relevant_sentence_end_date date,
  supplementary_risk_id uuid not null,
  end_requested_at timestamptz,
  end_requested_by uuid references actor,
  withdrawal_code text references withdrawal_reason,
  withdrawal_comments text,
  concluded_at timestamptz,
  version integer not null,
  additional_needs_information text,
  accessibility_needs text,
  needs_interpreter boolean,
  interpreter_language text,
  has_additional_responsibilities boolean,
  when_unavailable text
);
create index referral_of_intervention on referral (intervention_id, sent_at);
create index referral_of_person on referral (crn);
create index referral_author on referral (created_by);
create table referral_location (
  referral_id uuid primary key references referral,
  person_current_location_type text check (person_current_location_type in ('CUSTODY', 'COMMUNITY')),
  person_custody_prison_id text,
  expected_release_date date,
  expected_release_date_missing_reason text,
  referral_releasing_12_weeks boolean,
  expected_probation_office text,
  expected_probation_office_unknown_reason text
);
create table referral_nomis_location (
  referral_id uuid primary key references referral,
  looked_up_at timestamptz not null,
  result text not null,
  release_date_agrees boolean,
  nomis_prison_id text,
  nomis_release_date date,
  nomis_confirmed_release_date date,
  nomis_non_dto_release_date date,
  nomis_automatic_release_date date,
  nomis_post_recall_release_date date,
  nomis_conditional_release_date date,
  nomis_actual_parole_date date,
  nomis_discharge_date date
);
create table probation_practitioner_details (
  referral_id uuid primary key references referral,
  ndelius_pp_name text,
  ndelius_pp_email_address text,
  ndelius_pdu text,
  ndelius_phone_number text,
  ndelius_team_phone_number text,
  pp_name text,
  pp_email_address text,
  pp_pdu text,
  pp_probation_office text,
  pp_phone_number text,
  pp_team_phone_number text,
  role_or_job_title text,
  pp_establishment text
);
create table referral_service_user_data (
  referral_id uuid primary key references referral,
  title text,
  first_name text,
  last_name text,
  date_of_birth date,
  gender text,
  ethnicity text,
  preferred_language text,
  religion_or_belief text,
  disabilities jsonb
);
create index referral_person_name on referral_service_user_data (lower(first_name || ' ' || last_name));
"""
DETAILS = """
create table referral_details (
  id uuid primary key,
  referral_id uuid not null references referral,
  created_at timestamptz not null,
  created_by uuid not null references actor,
  reason_for_change text not null,
  superseded_by_id uuid unique references referral_details deferrable initially deferred,
  completion_deadline date,
  further_information text,
  maximum_enforceable_days integer,
  reason_for_referral text,
  reason_for_referral_further_information text,
  reason_for_referral_before_allocation text
);
create index referral_details_versions on referral_details (referral_id);
create unique index referral_details_current on referral_details (referral_id) where superseded_by_id is null;
create table referral_service_category (
  referral_id uuid not null references referral,
  service_category_id uuid not null references service_category,
  complexity_level_id uuid not null references complexity_level,
  primary key (referral_id, service_category_id)
);
create table referral_desired_outcome (
  referral_id uuid not null,
  service_category_id uuid not null,
  desired_outcome_id uuid not null references desired_outcome,
  primary key (referral_id, service_category_id, desired_outcome_id),
  foreign key (referral_id, service_category_id) references referral_service_category
);
create table referral_assignment (
  id uuid primary key,
  referral_id uuid not null references referral,
  assigned_at timestamptz not null,
  assigned_by uuid not null references actor,
  assigned_to uuid not null references actor,
  superseded boolean not null
);
create index referral_assignment_history on referral_assignment (referral_id, assigned_at);
create unique index referral_assignment_current on referral_assignment (referral_id) where not superseded;
create index referral_assignment_caseload on referral_assignment (assigned_to) where not superseded;
"""


def upgrade() -> None:
    """Make the tables."""
    for ddl in (DRAFTS, REFERRAL, DETAILS):
        op.execute(ddl)
