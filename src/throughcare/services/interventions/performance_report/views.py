"""Reads the lines of the performance report, some at a time: PostgreSQL works out each referral's figures."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, bindparam, text

from throughcare.kit.db.database import Views
from throughcare.services.interventions.reporting.model import Place, Population, Value

# What ``Appointment`` calls live, attended, completed and on time, and what ``in_force`` calls the plan.
LIVE = "one.superseded_by_appointment_id is null"
FINAL = "one.appointment_feedback_submitted_at is not null"
CAME = "one.attended in ('YES', 'LATE')"
ATTENDED = f"{FINAL} and {CAME}"
HELD = "one.did_session_happen and one.attended = 'YES'"
COMPLETED = f"(case when one.did_session_happen is null then {CAME} else {HELD} end)"
NOBODY = UUID(int=0)
MADE = "one.created_at, one.ordinal, one.id"
MEETINGS = f"""
select min(one.created_at) filter (where assessing) as first_arranged,
       (array_agg(one.appointment_time order by {MADE}) filter (where assessing and {LIVE}))[1] as first_scheduled,
       min(one.appointment_time) filter (where assessing and one.attended = 'NO') as first_missed,
       min(one.appointment_time) filter (where assessing and {ATTENDED}) as first_attended,
       min(one.appointment_time) filter (where assessing and {LIVE} and {COMPLETED}) as first_completed,
       (array_agg(one.attended = 'YES' and one.late is not true order by one.appointment_time, {MADE})
         filter (where assessing and {ATTENDED}))[1] as on_time,
       min(one.appointment_time) filter (where not assessing and {FINAL} and {COMPLETED}) as first_session,
       count(*) filter (where not assessing and {LIVE} and {COMPLETED}) as sessions
  from appointment one cross join lateral (select one.supplier_assessment_id is not null) as kind (assessing)
 where one.referral_id = r.id and not one.stale
"""
PLANS = """
select min(submitted_at) as first_submitted, min(approved_at) as first_approved,
       (array_agg(number_of_sessions order by approved_at desc, id desc) filter (where approved_at is not null))[1]
         as expected
  from action_plan where referral_id = r.id
"""
SCORE = """
select sum(case achievement_level when 'ACHIEVED' then 1.0::float8 when 'PARTIALLY_ACHIEVED' then 0.5 else 0 end)
  from end_of_service_report_outcome where end_of_service_report_id = e.id
"""
CASEWORKER = """
select user_name from referral_assignment a join actor on actor.id = a.assigned_to
 where a.referral_id = r.id and not a.superseded
"""
DEADLINE = "select completion_deadline from referral_details where referral_id = r.id and superseded_by_id is null"
# Whatever else is known of a referral is looked up for it alone: joined, the tables would be read whole for each part.
LINES = f"""
select r.sent_at, r.id, r.reference_number, r.id, c.contract_reference, c.prime_provider_id, ({CASEWORKER}), r.crn,
       r.sent_at, met.first_arranged, met.first_scheduled, met.first_missed, met.first_attended, met.first_completed,
       met.on_time, plan.first_submitted, plan.first_approved,
       case when plan.first_approved is not null then met.first_session end,
       (select nullif(count(*), 0) from referral_desired_outcome where referral_id = r.id),
       case when e.submitted_at is not null then coalesce(({SCORE}), 0.0) when e.id is not null then 0.0::float8 end,
       plan.expected, case when plan.first_approved is not null then met.sessions end, r.end_requested_at,
       w.description, e.submitted_at, r.concluded_at,
       case when r.concluded_at is null then null when r.end_requested_at is null then 'completed'
            when e.id is not null then 'ended' else 'cancelled' end,
       ({DEADLINE}), r.relevant_sentence_end_date
  from (select * from referral
         where sent_at >= :since and sent_at < :until and intervention_id = any(:interventions)
           and (sent_at, id) > (:last_sent_at, :last_id)
         order by sent_at, id limit :many) r
  join intervention i on i.id = r.intervention_id
  join dynamic_framework_contract c on c.id = i.dynamic_framework_contract_id
  left join withdrawal_reason w on w.code = r.withdrawal_code
  left join lateral (select id, submitted_at from end_of_service_report where referral_id = r.id limit 1) e on true
  cross join lateral ({MEETINGS}) met
  cross join lateral ({PLANS}) plan
 order by r.sent_at, r.id
"""
STATEMENT = text(LINES).bindparams(
    *(bindparam(name, type_=DateTime(timezone=True)) for name in ("since", "until", "last_sent_at")),
    bindparam("interventions", type_=ARRAY(Uuid)), bindparam("last_id", type_=Uuid),
)  # fmt: skip


class PerformanceReportViews(Views):
    """Lines of performance reports."""

    async def lines(
        self, population: Population, *, after: Place | None, limit: int
    ) -> tuple[Sequence[Sequence[Value]], Place | None]:
        """The values of the next lines after a place, in the order of the columns, and the place of the last one."""
        values = {
            "since": population.since, "until": population.until, "interventions": population.interventions,
            "last_sent_at": after.sent_at if after else population.since,
            "last_id": after.referral_id if after else NOBODY, "many": limit,
        }  # fmt: skip
        rows = [tuple(row) for row in await self.connection.execute(STATEMENT, values)]
        return [row[2:] for row in rows], Place(*rows[-1][:2]) if rows else None
