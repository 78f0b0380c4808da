"""The course of each referral of a load, as SQL: who is referred where, what happens to them, and when.

Everything follows from the referral's number ``n`` and the time ``:now``, so that a load is the same on every machine.
What would happen later than ``horizon`` (now, a withdrawal, or the day on which nobody went on) has not happened.
"""

from __future__ import annotations

DAY = "interval '1 day'"


def chance(salt: int, key: str = "n") -> str:
    """A number from 0 to 1, another for each salt."""
    return f"((hashint8extended({key}, {salt}) & 1048575) / 1048576.0)"


def made_id(moment: str, key: str) -> str:
    """An id of the time at which a record was made, as the kit makes them."""
    stamp = f"lpad(to_hex((extract(epoch from {moment}) * 1000)::bigint), 12, '0')"
    return f"({stamp} || '7' || substr(md5({key}), 1, 3) || '8' || substr(md5({key}), 4, 15))::uuid"


def days(least: float, most: float, salt: int, key: str = "n") -> str:
    """A span of time, in days."""
    return f"(({least} + {most - least} * {chance(salt, key)}) * {DAY})"


def one_of(name: str, salt: int, key: str = "n", kind: str = "text") -> str:
    """One of the values of a parameter."""
    several = f"cast(:{name} as {kind}[])"
    return f"({several})[1 + floor(cardinality({several}) * {chance(salt, key)})::int]"


def working_hour(salt: int, key: str = "n") -> str:
    """A full hour of a working day."""
    return f"((9 + floor(8 * {chance(salt, key)})) * interval '1 hour')"


# One of the two first letters is an I, which no other reference number has.
OTHER_LETTER = "chr(65 + (serial / 10000)::int % 26)"
LETTERS = f"case when serial < 260000 then 'I' || {OTHER_LETTER} else translate({OTHER_LETTER}, 'I', 'Z') || 'I' end"
REFERENCE = f"{LETTERS} || lpad((serial % 10000)::text, 4, '0') || suffix"
PEOPLE = """
create temporary table load_person on commit drop as
select * from unnest(
  cast(:crns as text[]), cast(:first_names as text[]), cast(:last_names as text[]), cast(:born as date[]),
  cast(:managers as uuid[])
) with ordinality as one (crn, first_name, last_name, date_of_birth, manager, place)
"""
CONTRACTS = """
create temporary table load_contract on commit drop as
select one.place, one.intervention_id, t.id as contract_type_id, upper(left(t.name, 2)) as suffix
  from unnest(cast(:interventions as uuid[])) with ordinality as one (intervention_id, place)
  join intervention i on i.id = one.intervention_id
  join dynamic_framework_contract c on c.id = i.dynamic_framework_contract_id
  join contract_type t on t.id = c.contract_type_id
"""
WHO = f"""
create temporary table load_who on commit drop as
select n, coalesce(p.crn, 'X' || (500000 + n / 2)) as crn,
       coalesce(p.first_name, {one_of("first", 1, "n / 2")}) as first_name,
       coalesce(p.last_name, {one_of("last", 2, "n / 2")}) as last_name,
       coalesce(p.date_of_birth, date '1965-01-01' + floor(14000 * {chance(3, "n / 2")})::int) as date_of_birth,
       coalesce(p.manager, {one_of("practitioners", 4, "n / 2", "uuid")}) as practitioner,
       c.intervention_id, c.contract_type_id, c.suffix,
       (cast(:caseworkers as uuid[]))[1 + (c.place * 5 + floor(40 * power({chance(5)}, 2))::int)
         % cardinality(cast(:caseworkers as uuid[]))] as caseworker,
       date_trunc('minute', cast(:now as timestamptz) - 1095 * power({chance(6)}, 1.3) * {DAY} - {days(0, 1, 7)})
         as sent_at,
       (n * 7919::bigint + 12345) % 510000 as serial
  from generate_series(cast(:start as bigint), cast(:stop as bigint)) n
  left join load_person p on p.place = n / 2 + 1
  join load_contract c on c.place = least(cardinality(cast(:weights as float8[])),
                                          1 + width_bucket({chance(8)}, cast(:weights as float8[])))
"""
STEPS = f"""
create temporary table load_steps on commit drop as
select *, {chance(10)} as kind, sent_at + {days(0.5, 4, 11)} as assigned_at,
       date_trunc('day', sent_at) + {days(5, 6, 12)} as assessment_made_at,
       date_trunc('day', sent_at + {days(8, 16, 13)}) + {working_hour(14)} as assessment_at,
       {chance(15)} < 0.15 as assessment_missed, {chance(16)} < 0.08 as assessment_moved,
       2 + floor(7 * {chance(17)})::int as sessions
  from load_who
"""
COURSE = f"""
create temporary table load_course on commit drop as
with planned as (
  select *, assessment_at + case when assessment_missed then 7 else 0 end * {DAY} + {days(1, 2, 20)} as plan_made_at
    from load_steps
), approved as (select *, plan_made_at + {days(1, 3, 21)} as plan_at from planned),
ended as (
  select *,
         case when kind >= 0.70 and kind < 0.82 then least(sent_at + {days(1, 25, 22)}, plan_at + 5 * {DAY})
              when kind >= 0.82 and kind < 0.95
              then plan_at + 7 * (1 + floor(sessions * {chance(23)})) * {DAY} + {days(1, 3, 24)} end as withdrawn_at,
         case when kind >= 0.95 then sent_at + {days(0, 20, 25)} end as stalled_at
    from approved
)
select *, {made_id("sent_at", "'referral ' || n")} as id,
       {made_id("sent_at", "'assessment ' || n")} as assessment_id,
       {made_id("plan_made_at", "'plan ' || n")} as plan_id,
       least(cast(:now as timestamptz), withdrawn_at, stalled_at) as horizon,
       {REFERENCE} as reference_number
  from ended
"""
SESSIONS = f"""
create temporary table load_session on commit drop as
with numbered as (
  select c.n, c.id as referral_id, c.plan_at, c.horizon, c.caseworker, number, c.n * 16 + number as key,
         date_trunc('day', c.plan_at + 7 * number * {DAY}) + {working_hour(30, "(c.n * 16 + number)")} as at
    from load_course c cross join lateral generate_series(1, c.sessions) number where c.plan_at <= c.horizon
)
select *, {made_id("plan_at", "'session ' || key")} as id, {chance(31, "key")} < 0.10 as missed from numbered
"""
MEETINGS = f"""
create temporary table load_meeting on commit drop as
with meant as (
  select n, id as referral_id, assessment_id, null::uuid as session_id, horizon, caseworker, n * 16 as key,
         1 as ordinal, assessment_at - 2 * {DAY} as at, assessment_made_at as made_at, false as missed, true as moved
    from load_course where assessment_moved
   union all
  select n, id, assessment_id, null, horizon, caseworker, n * 16, 2, assessment_at,
         assessment_made_at + case when assessment_moved then 0.5 else 0 end * {DAY}, assessment_missed, false
    from load_course
   union all
  select n, id, assessment_id, null, horizon, caseworker, n * 16, 3, assessment_at + 7 * {DAY},
         assessment_at + {DAY}, false, false
    from load_course where assessment_missed
   union all
  select n, referral_id, null, id, horizon, caseworker, key, 2, at, greatest(plan_at, at - 6 * {DAY}), missed, false
    from load_session
   union all
  select n, referral_id, null, id, horizon, caseworker, key, 3, at + 3 * {DAY}, at + {DAY}, false, false
    from load_session where missed
), booked as (
  select *, {made_id("made_at", "'appointment ' || key || ' ' || ordinal")} as id,
         case when not moved then at + interval '2 hours' + {days(0, 0.7, 40, "(key * 4 + ordinal)")} end as told_at,
         {chance(41, "(key * 4 + ordinal)")} < 0.08 as late
    from meant where made_at <= horizon
)
select *, lead(id) over (partition by key order by ordinal) as later,
       row_number() over (partition by key order by ordinal) as place,
       coalesce(told_at <= horizon, false) as told
  from booked
"""
ENDING = f"""
create temporary table load_ending on commit drop as
with delivered as (
  select n, bool_or(told and not missed) as started, count(distinct session_id) filter (where told) as recorded,
         max(at) as last_at
    from load_meeting where session_id is not null group by n
), due as (
  select c.*, coalesce(d.started, false) as started,
         case when d.started and c.withdrawn_at <= :now then c.withdrawn_at
              when d.started and c.withdrawn_at is null and c.stalled_at is null and d.recorded = c.sessions
              then d.last_at end as due_at
    from load_course c left join delivered d using (n)
), written as (
  select *, due_at + {days(1, 3, 50)} as report_made_at,
         case when {chance(51)} < 0.98 then due_at + {days(4, 9, 52)} end as report_at
    from due
)
select n, id, reference_number, started,
       case when report_made_at <= :now then report_made_at end as report_made_at,
       case when report_at <= :now then report_at end as report_at,
       case when withdrawn_at <= :now then withdrawn_at end as end_requested_at,
       case when withdrawn_at <= :now then withdrawn_at when report_at <= :now then report_at end as concluded_at,
       {made_id("coalesce(report_made_at, sent_at)", "'report ' || n")} as report_id
  from written
"""
TABLES = (PEOPLE, CONTRACTS, WHO, STEPS, COURSE, SESSIONS, MEETINGS, ENDING)
