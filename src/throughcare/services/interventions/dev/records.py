"""The records that the course of a load leaves in each table, as SQL. Parents come before children."""

from __future__ import annotations

from throughcare.services.interventions.dev.course import DAY, chance, made_id, one_of
from throughcare.services.interventions.referral.model import INITIAL_DETAILS

REFERRALS = f"""
insert into referral (
  id, reference_number, created_at, created_by, sent_at, sent_by, crn, intervention_id, relevant_sentence_id,
  relevant_sentence_end_date, supplementary_risk_id, end_requested_at, end_requested_by, withdrawal_code,
  withdrawal_comments, concluded_at, version, needs_interpreter, has_additional_responsibilities, when_unavailable)
select c.id, c.reference_number, c.sent_at - interval '2 hours', c.practitioner, c.sent_at, c.practitioner, c.crn,
       c.intervention_id, 2500000000 + c.n / 2, (c.sent_at + 540 * {DAY})::date,
       {made_id("c.sent_at", "'risk ' || n")}, e.end_requested_at,
       case when e.end_requested_at is not null then c.practitioner end,
       case when e.end_requested_at is not null then {one_of("reasons", 60)} end,
       case when e.end_requested_at is not null then 'It was agreed with everybody concerned' end, e.concluded_at,
       1, false, {chance(61)} < 0.3, case when {chance(61)} < 0.3 then 'School run at 3pm' end
  from load_course c join load_ending e using (n)
"""
REFERENCES = """
insert into referral_reference (reference_number, referral_id) select reference_number, id from load_course
"""
LOCATIONS = f"""
insert into referral_location (
  referral_id, person_current_location_type, person_custody_prison_id, expected_release_date,
  referral_releasing_12_weeks, expected_probation_office)
select id, case when {chance(62)} < 0.25 then 'CUSTODY' else 'COMMUNITY' end,
       case when {chance(62)} < 0.25 then {one_of("prisons", 63)} end,
       case when {chance(62)} < 0.25 then (sent_at + (10 + 200 * {chance(64)}) * {DAY})::date end,
       case when {chance(62)} < 0.25 then {chance(64)} < 0.4 end, 'Derby: Derwent Centre'
  from load_course
"""
PRACTITIONERS = f"""
insert into probation_practitioner_details (
  referral_id, ndelius_pp_name, ndelius_pp_email_address, ndelius_pdu, pp_name, pp_pdu, pp_probation_office)
select c.id, a.user_name, lower(a.user_name) || '@probation.example.test', 'Manchester North', a.user_name,
       'Manchester North', case when {chance(65)} < 0.8 then 'Manchester: Office ' || (1 + n % 60) end
  from load_course c join actor a on a.id = c.practitioner
"""
PEOPLE = """
insert into referral_service_user_data (
  referral_id, title, first_name, last_name, date_of_birth, gender, ethnicity, preferred_language, disabilities)
select id, case when n % 20 = 0 then 'Ms' else 'Mr' end, first_name, last_name, date_of_birth,
       case when n % 20 = 0 then 'Female' else 'Male' end, 'Not stated', 'English', '[]'::jsonb
  from load_course
"""
DETAILS = f"""
with versions as (
  select c.*, version, c.sent_at + (version - 1) * {DAY} as made_at, {chance(66)} < 0.1 as amended
    from load_course c cross join generate_series(1, 2) version
), kept as (
  select *, {made_id("made_at", "'details ' || n || ' ' || version")} as details_id
    from versions where version = 1 or (amended and made_at <= horizon)
)
insert into referral_details (
  id, referral_id, created_at, created_by, reason_for_change, superseded_by_id, completion_deadline,
  further_information, maximum_enforceable_days, reason_for_referral)
select details_id, id, made_at, practitioner,
       case when version = 1 then '{INITIAL_DETAILS}' else 'Agreed with the provider' end,
       lead(details_id) over (partition by n order by version), (sent_at + (90 + 30 * version) * {DAY})::date,
       'Prefers mornings', 10, 'Wants to work'
  from kept
"""
CATEGORIES = f"""
with held as (
  select contract_type_id, service_category_id,
         row_number() over (partition by contract_type_id order by service_category_id) as place,
         count(*) over (partition by contract_type_id) as many
    from contract_type_service_category
), chosen as (
  select c.n, c.id, h.service_category_id
    from load_course c join held h using (contract_type_id)
   where h.place = 1 + c.n % h.many or {chance(67, "(c.n * 16 + h.place)")} < 0.3
), levels as (
  select service_category_id, id, row_number() over (partition by service_category_id order by id) as place,
         count(*) over (partition by service_category_id) as many
    from complexity_level
)
insert into referral_service_category (referral_id, service_category_id, complexity_level_id)
select c.id, c.service_category_id, l.id
  from chosen c join levels l on l.service_category_id = c.service_category_id
   and l.place = 1 + floor(l.many * {chance(68, "c.n")})::int
"""
OUTCOMES = f"""
with offered as (
  select service_category_id, id, row_number() over (partition by service_category_id order by id) as place,
         count(*) over (partition by service_category_id) as many
    from desired_outcome where deprecated_at is null and rule_type is null
)
insert into referral_desired_outcome (referral_id, service_category_id, desired_outcome_id)
select c.id, chosen.service_category_id, o.id
  from load_course c
  join referral_service_category chosen on chosen.referral_id = c.id
  join offered o on o.service_category_id = chosen.service_category_id
   and (o.place + c.n) % o.many < 1 + floor(3 * {chance(69, "c.n")})
"""
ASSESSMENTS = "insert into supplier_assessment (id, referral_id, version) select assessment_id, id, 1 from load_course"
ASSIGNMENTS = f"""
with made as (
  select *, {chance(70)} < 0.15 and assigned_at + {DAY} <= horizon as again
    from load_course where assigned_at <= horizon
), several as (
  select n, id, assigned_at, {one_of("caseworkers", 73, kind="uuid")} as caseworker, true as past
    from made where again
   union all
  select n, id, assigned_at + case when again then 1 else 0 end * {DAY}, caseworker, false from made
)
insert into referral_assignment (id, referral_id, assigned_at, assigned_by, assigned_to, superseded)
select {made_id("assigned_at", "'assignment ' || n || past::text")}, id, assigned_at, caseworker, caseworker, past
  from several
"""
PLANS = """
insert into action_plan (
  id, referral_id, number_of_sessions, created_at, created_by, submitted_at, submitted_by, approved_at, approved_by,
  version)
select plan_id, id, sessions, plan_made_at, caseworker, case when plan_at <= horizon then plan_at end,
       case when plan_at <= horizon then caseworker end, case when plan_at <= horizon then plan_at end,
       case when plan_at <= horizon then cast(:system as uuid) end, 1
  from load_course where plan_made_at <= horizon
"""
ACTIVITIES = f"""
insert into action_plan_activity (id, action_plan_id, description, created_at)
select {made_id("plan_made_at", "'activity ' || n || ' ' || number")}, plan_id,
       (array['Write a CV', 'Practise an interview', 'Visit a college'])[number], plan_made_at
  from load_course cross join generate_series(1, 3) number
 where plan_made_at <= horizon and number <= 1 + n % 3
"""
SESSIONS = """
insert into delivery_session (id, referral_id, session_number, version) select id, referral_id, number, 1
  from load_session
"""
APPOINTMENTS = """
insert into appointment (
  id, referral_id, ordinal, supplier_assessment_id, delivery_session_id, appointment_time, duration_in_minutes,
  delivery_type, session_type, nps_office_code, created_at, created_by, delius_appointment_id, attended,
  did_session_happen, attendance_submitted_at, attendance_submitted_by, late, late_reason, no_attendance_information,
  session_summary, session_response, notify_probation_practitioner_of_behaviour,
  notify_probation_practitioner_of_concerns, session_feedback_submitted_at, session_feedback_submitted_by,
  appointment_feedback_submitted_at, appointment_feedback_submitted_by, superseded_by_appointment_id,
  reschedule_requested_by, rescheduled_reason, stale, version)
select id, referral_id, place, assessment_id, session_id, at, 60, 'IN_PERSON_MEETING_PROBATION_OFFICE', 'ONE_TO_ONE',
       'CRS0032', made_at, caseworker, 3000000000 + key * 4 + place,
       case when told then case when missed then 'NO' else 'YES' end end, case when told then not missed end,
       case when told then told_at end, case when told then caseworker end,
       case when told and not missed then late end,
       case when told and not missed and late then 'The bus was late' end,
       case when told and missed then 'Could not be reached by telephone' end,
       case when told and not missed then 'Talked about work' end, case when told and not missed then 'Took part' end,
       case when told then false end, case when told then false end,
       case when told then told_at end, case when told then caseworker end,
       case when told then told_at end, case when told then caseworker end, later,
       case when moved and later is not null then 'Service Provider' end,
       case when moved and later is not null then 'The room was taken' end, false, 1
  from load_meeting
"""
REPORTS = """
insert into end_of_service_report (
  id, referral_id, created_at, created_by, submitted_at, submitted_by, further_information, version)
select e.report_id, e.id, e.report_made_at, c.caseworker, e.report_at,
       case when e.report_at is not null then c.caseworker end, 'Came to every session that they could', 1
  from load_ending e join load_course c using (n) where e.report_made_at is not null
"""
ACHIEVEMENTS = f"""
insert into end_of_service_report_outcome (
  end_of_service_report_id, desired_outcome_id, achievement_level, progression_comments)
select distinct on (e.report_id, o.desired_outcome_id) e.report_id, o.desired_outcome_id,
       (array['ACHIEVED', 'ACHIEVED', 'PARTIALLY_ACHIEVED', 'NOT_ACHIEVED'])
         [1 + floor(4 * {chance(71, "hashtextextended(o.desired_outcome_id::text, e.n)")})::int],
       'Better than before'
  from load_ending e join referral_desired_outcome o on o.referral_id = e.id
 where e.report_made_at is not null
"""
CASE_NOTES = f"""
insert into case_note (id, referral_id, subject, body, sent_at, sent_by)
select {made_id("sent_at", "'note ' || n || ' ' || number")}, id, 'How it goes',
       'Spoke on the telephone and agreed what comes next.', sent_at + number * 3 * {DAY},
       case when number % 2 = 0 then practitioner else caseworker end
  from load_course cross join generate_series(1, 3) number
 where number <= floor(4 * {chance(72)}) and sent_at + number * 3 * {DAY} <= horizon
"""
CHANGES = f"""
insert into changelog (id, referral_id, topic, old_value, new_value, reason_for_change, changed_at, changed_by)
select {made_id("sent_at", "'change ' || n")}, id, 'COMPLETION_DATETIME',
       jsonb_build_object('values', array[to_char(sent_at + 120 * {DAY}, 'YYYY-MM-DD')]),
       jsonb_build_object('values', array[to_char(sent_at + 150 * {DAY}, 'YYYY-MM-DD')]),
       'Agreed with the provider', sent_at + {DAY},
       practitioner
  from load_course where {chance(66)} < 0.1 and sent_at + {DAY} <= horizon
"""
RECORDS = (
    REFERENCES, REFERRALS, LOCATIONS, PRACTITIONERS, PEOPLE, DETAILS, CATEGORIES, OUTCOMES, ASSESSMENTS, ASSIGNMENTS,
    PLANS, ACTIVITIES, SESSIONS, APPOINTMENTS, REPORTS, ACHIEVEMENTS, CASE_NOTES, CHANGES,
)  # fmt: skip
