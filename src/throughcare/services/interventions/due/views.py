"""Reads what is due on open referrals, all facts of all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, TextClause, text

from throughcare.kit.db.database import Views
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.due.model import (
    MOST_REFERRALS,
    Due,
    Facts,
    Meeting,
    Whose,
    bank_holidays,
    due_of,
)
from throughcare.services.interventions.due.schemas import DueTask, DueTasks
from throughcare.services.interventions.overview.schemas import SummarisedPerson
from throughcare.services.interventions.progress.model import Closing

FACTS = """
select s.*, d.completion_deadline, who.user_name, who.user_id, who.auth_source, met.assessed_at, met.last_recorded_at,
       met.recorded, met.without_at, met.without_number, written.id is not null as plan_submitted,
       plan.id as plan_id, coalesce(plan.number_of_sessions, 0) as planned, free.session_number as unscheduled
  from (select * from referral_summary
         where intervention_id = any(:within) and standing = 'OPEN' and {whose}
         order by sent_at limit :most) s
  cross join lateral (
    select d.completion_deadline from referral_details d
     where d.referral_id = s.referral_id and d.superseded_by_id is null limit 1) d
  left join actor who on who.id = s.assigned_to
  cross join lateral (
    select max(a.appointment_time) filter (
             where a.supplier_assessment_id is not null and a.appointment_feedback_submitted_at is not null
               and case when a.did_session_happen is null then a.attended in ('YES', 'LATE')
                        else a.did_session_happen and a.attended = 'YES' end) as assessed_at,
           max(a.appointment_feedback_submitted_at) filter (where a.delivery_session_id is not null)
             as last_recorded_at,
           count(distinct a.delivery_session_id) filter (
             where a.appointment_feedback_submitted_at is not null and a.attended is not null) as recorded,
           array_agg(a.appointment_time order by a.id) filter (where {late}) as without_at,
           array_agg(n.session_number order by a.id) filter (where {late}) as without_number
      from appointment a left join delivery_session n on n.id = a.delivery_session_id
     where a.referral_id = s.referral_id and a.superseded_by_appointment_id is null and not a.stale) met
  left join lateral (
    select p.id from action_plan p
     where p.referral_id = s.referral_id and p.submitted_at is not null limit 1) written on true
  left join lateral (
    select p.id, p.number_of_sessions from action_plan p
     where p.referral_id = s.referral_id and p.approved_at is not null
     order by p.approved_at desc limit 1) plan on true
  left join lateral (
    select min(n.session_number) as session_number from delivery_session n
     where n.referral_id = s.referral_id and n.session_number <= plan.number_of_sessions
       and not exists (select from appointment a where a.referral_id = s.referral_id
                          and a.delivery_session_id = n.id and a.superseded_by_appointment_id is null
                          and not a.stale)) free on true
"""
LATE = "a.appointment_feedback_submitted_at is null and a.appointment_time <= :now"
MINE = "(assigned_to is null or assigned_to in (select id from actor where user_id = :caseworker))"
OF_EVERYBODY = text(FACTS.format(whose="true", late=LATE))  # constants
OF_CASEWORKER = text(FACTS.format(whose=MINE, late=LATE))  # constants
OF_REFERRAL = text(FACTS.format(whose="referral_id = :referral", late=LATE))  # constants


class DueViews(Views):
    """What is due."""

    async def due(
        self, within: Sequence[UUID], whose: Whose, catalogue: Catalogue, *, now: datetime, today: date
    ) -> DueTasks:
        """What is due on the open referrals to these interventions, the earliest first.

        Of more referrals than can be looked at, those that were sent first.
        """
        values = {"within": list(within), "now": now, "most": MOST_REFERRALS + 1}
        rows = await self.all(_asked(whose).bindparams(**values))
        tasks = [
            _task(row, one, catalogue)
            for row in rows[:MOST_REFERRALS]
            for one in due_of(_facts(row), today, bank_holidays())
        ]
        tasks.sort(key=lambda one: (one.due_on or today, one.reference_number, one.session_number or 0))
        return DueTasks(content=tasks, more=len(rows) > MOST_REFERRALS)


def _asked(whose: Whose) -> TextClause:
    if whose.referral is not None:
        return OF_REFERRAL.bindparams(referral=whose.referral)
    return OF_EVERYBODY if whose.caseworker is None else OF_CASEWORKER.bindparams(caseworker=whose.caseworker)


def _facts(row: RowMapping) -> Facts:
    late = zip(row["without_at"] or (), row["without_number"] or (), strict=True)
    return Facts(
        sent_at=row["sent_at"], assigned=row["assigned_to"] is not None,
        closing=Closing(
            row["concluded_at"], row["end_requested_at"], has_report=row["has_report"],
            report_submitted=row["report_submitted"],
        ),
        completion_deadline=row["completion_deadline"], assessed_at=row["assessed_at"],
        plan_submitted=row["plan_submitted"], plan_id=row["plan_id"],
        planned=row["planned"] if row["plan_id"] else None, started=row["started"], recorded=row["recorded"],
        last_recorded_at=row["last_recorded_at"], unscheduled=row["unscheduled"],
        without_feedback=[Meeting(at, number) for at, number in late],
    )  # fmt: skip


def _task(row: RowMapping, one: Due, catalogue: Catalogue) -> DueTask:
    who = row["assigned_to"] and AuthUser(
        username=row["user_name"], auth_source=row["auth_source"], user_id=row["user_id"]
    )
    return DueTask(
        task=one.task, due_on=one.by, session_number=one.session, action_plan_id=row["plan_id"],
        referral_id=row["referral_id"], reference_number=row["reference_number"],
        service_user=SummarisedPerson(crn=row["crn"], first_name=row["first_name"], last_name=row["last_name"]),
        intervention_title=catalogue.interventions[row["intervention_id"]].title, assigned_to=who or None,
    )  # fmt: skip
