"""Reads referrals for reports, a page at a time by the time of sending: memory does not grow with their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Uuid, and_, any_, bindparam, func, select, tuple_

from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.model import ActionPlan
from throughcare.services.interventions.action_plan.store import action_plan
from throughcare.services.interventions.actor.store import actor
from throughcare.services.interventions.appointment.model import Appointment, Attendance, Booking, Feedback, Mark
from throughcare.services.interventions.appointment.store import appointment
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.referral.store import (
    referral,
    referral_assignment,
    referral_desired_outcome,
    referral_details,
)
from throughcare.services.interventions.report.store import end_of_service_report, end_of_service_report_outcome
from throughcare.services.interventions.reporting.model import Place, Population, ReportedReferral


def _referrals() -> Select[Any]:
    sent, report = referral.c, end_of_service_report.c
    creator, caseworker = actor.alias("creator"), actor.alias("caseworker")
    current = and_(referral_details.c.referral_id == sent.id, referral_details.c.superseded_by_id.is_(None))
    assigned = and_(referral_assignment.c.referral_id == sent.id, ~referral_assignment.c.superseded)
    joined = (
        referral.join(referral_details, current)
        .join(creator, creator.c.id == sent.created_by)
        .outerjoin(referral_assignment, assigned)
        .outerjoin(caseworker, caseworker.c.id == referral_assignment.c.assigned_to)
        .outerjoin(end_of_service_report, report.referral_id == sent.id)
    )
    return select(
        sent.id, sent.reference_number, sent.crn, sent.intervention_id, sent.sent_at, sent.relevant_sentence_id,
        sent.relevant_sentence_end_date, sent.end_requested_at, sent.withdrawal_code, sent.withdrawal_comments,
        sent.concluded_at, creator.c.user_name.label("created_by"), caseworker.c.user_name.label("caseworker"),
        referral_details.c.completion_deadline, report.id.label("report_id"),
        report.submitted_at.label("report_submitted_at"),
    ).select_from(joined)  # fmt: skip


REFERRALS = _referrals()
ONE, PLAN, WANTED, OUTCOME = (
    appointment.c, action_plan.c, referral_desired_outcome.c, end_of_service_report_outcome.c,
)  # fmt: skip
IDS = bindparam("ids", type_=ARRAY(Uuid))
APPOINTMENTS: Select[Any] = (
    select(
        ONE.id, ONE.referral_id, ONE.ordinal, ONE.supplier_assessment_id, ONE.delivery_session_id,
        ONE.appointment_time, ONE.created_at, ONE.created_by, ONE.attended, ONE.did_session_happen, ONE.late,
        ONE.appointment_feedback_submitted_at, ONE.appointment_feedback_submitted_by,
        ONE.superseded_by_appointment_id, ONE.stale,
    )
    .where(ONE.referral_id == any_(IDS))
    .order_by(ONE.created_at, ONE.ordinal, ONE.id)
)  # fmt: skip
PLANS = select(action_plan).where(PLAN.referral_id == any_(IDS))
DESIRED = (
    select(WANTED.referral_id, func.count().label("wanted"))
    .where(WANTED.referral_id == any_(IDS))
    .group_by(WANTED.referral_id)
)
ACHIEVED = select(OUTCOME.end_of_service_report_id, OUTCOME.achievement_level).where(
    OUTCOME.end_of_service_report_id == any_(IDS)
)


class ReportingViews(Views):
    """Referrals for reports."""

    async def count_of(self, population: Population) -> int:
        """How many referrals there are."""
        return await self.count(select(func.count()).select_from(referral).where(*_within(population)))

    async def page(
        self, population: Population, catalogue: Catalogue, *, after: Place | None, limit: int
    ) -> list[ReportedReferral]:
        """The next referrals after a place, by the time at which they were sent."""
        sent = referral.c
        statement = REFERRALS.where(*_within(population)).order_by(sent.sent_at, sent.id).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(sent.sent_at, sent.id) > tuple_(after.sent_at, after.referral_id))
        rows = (await self.connection.execute(statement)).all()
        ids = [row.id for row in rows]
        if not ids:
            return []
        appointments, plans = await self._appointments(ids), await self._plans(ids)
        desired, achieved = (
            await self._desired(ids),
            await self._achieved([row.report_id for row in rows if row.report_id]),
        )
        return [
            _reported(row, catalogue, desired[row.id], achieved[row.report_id], plans[row.id], appointments[row.id])
            for row in rows
        ]

    async def _appointments(self, ids: Sequence[UUID]) -> dict[UUID, list[Appointment]]:
        held: dict[UUID, list[Appointment]] = defaultdict(list)
        for row in await self._of(APPOINTMENTS, ids):
            held[row.referral_id].append(_appointment(tuple(row)))
        return held

    async def _plans(self, ids: Sequence[UUID]) -> dict[UUID, list[ActionPlan]]:
        held: dict[UUID, list[ActionPlan]] = defaultdict(list)
        for row in await self._of(PLANS, ids):
            held[row.referral_id].append(_plan(row))
        return held

    async def _desired(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        return defaultdict(int, {row.referral_id: row.wanted for row in await self._of(DESIRED, ids)})

    async def _achieved(self, report_ids: Sequence[UUID]) -> dict[UUID | None, list[str]]:
        held: dict[UUID | None, list[str]] = defaultdict(list)
        for row in await self._of(ACHIEVED, report_ids):
            held[row.end_of_service_report_id].append(row.achievement_level)
        return held

    async def _of(self, statement: Select[Any], ids: Sequence[UUID]) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await self.connection.execute(statement, {"ids": ids})).all()
        return rows


def _within(population: Population) -> list[Any]:
    conditions: list[Any] = [referral.c.sent_at >= population.since]
    if population.until is not None:
        conditions.append(referral.c.sent_at < population.until)
    if population.interventions is not None:
        conditions.append(referral.c.intervention_id.in_(population.interventions))
    return conditions


def _mark(at: datetime | None, by: UUID | None) -> Mark | None:
    return None if at is None or by is None else Mark(at, by)


@cache
def _attendance(attended: str | None, happened: bool | None) -> Attendance:  # one of a few, shared by all
    return Attendance(attended, happened)


@cache
def _feedback(late: bool | None) -> Feedback:
    return Feedback(late=late)


def _appointment(row: tuple[Any, ...]) -> Appointment:
    one, of, ordinal, assessment, session, at, made, by, attended, happened, late, final, final_by, later, stale = row
    return Appointment(
        one, of, ordinal, Booking(at, 0, ""), Mark(made, by), assessment, session,
        attendance=_attendance(attended, happened), feedback=_feedback(late),
        feedback_submitted=_mark(final, final_by), superseded_by=later, stale=stale,
    )  # fmt: skip


def _plan(row: Row[Any]) -> ActionPlan:
    return ActionPlan(
        row.id, row.referral_id, Mark(row.created_at, row.created_by), row.number_of_sessions,
        submitted=_mark(row.submitted_at, row.submitted_by), approved=_mark(row.approved_at, row.approved_by),
    )  # fmt: skip


def _reported(
    row: Row[Any], catalogue: Catalogue, desired: int, achieved: list[str], plans: list[ActionPlan],
    appointments: list[Appointment],
) -> ReportedReferral:  # fmt: skip
    submitted = row.report_submitted_at
    closing = Closing(
        row.concluded_at, row.end_requested_at, row.report_id is not None, submitted is not None, row.withdrawal_code,
        row.withdrawal_comments,
    )  # fmt: skip
    reason = catalogue.withdrawal_reasons.get(row.withdrawal_code or "")
    return ReportedReferral(
        row.id, row.reference_number, row.crn, catalogue.interventions[row.intervention_id], row.sent_at,
        row.created_by, row.caseworker, row.relevant_sentence_id, row.relevant_sentence_end_date,
        row.completion_deadline, closing, reason[0] if reason else None, submitted, desired, achieved, plans,
        appointments,
    )  # fmt: skip
