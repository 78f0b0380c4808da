"""Reads the lines of the extracts, some referrals at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, case, select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.appointment.store import appointment
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.store import (
    complexity_level,
    desired_outcome,
    intervention,
    service_category,
)
from throughcare.services.interventions.extract.model import Extract, Line, referral_line
from throughcare.services.interventions.referral.store import referral, referral_service_category
from throughcare.services.interventions.report.store import end_of_service_report, end_of_service_report_outcome
from throughcare.services.interventions.reporting.model import Place, Population
from throughcare.services.interventions.reporting.views import ReportingViews

SENT, ONE = referral.c, appointment.c
CHOSEN, REPORT, OUTCOME = referral_service_category.c, end_of_service_report.c, end_of_service_report_outcome.c
IDS = bindparam("ids", type_=ARRAY(Uuid))


def _appointments() -> Select[Any]:
    reason = case((ONE.supplier_assessment_id.is_not(None), "saa"), else_="delivery")
    return (
        select(
            SENT.reference_number, SENT.id, ONE.id.label("appointment_id"), ONE.appointment_time,
            ONE.duration_in_minutes, ONE.created_at, ONE.attended, ONE.attendance_submitted_at,
            ONE.notify_probation_practitioner_of_behaviour, ONE.delius_appointment_id, reason,
        )
        .select_from(referral.join(appointment, ONE.referral_id == SENT.id))
        .order_by(SENT.id, ONE.appointment_time, ONE.id)
    )  # fmt: skip


def _complexity() -> Select[Any]:
    chosen = (
        referral.join(referral_service_category, CHOSEN.referral_id == SENT.id)
        .join(intervention, intervention.c.id == SENT.intervention_id)
        .join(service_category, service_category.c.id == CHOSEN.service_category_id)
        .join(complexity_level, complexity_level.c.id == CHOSEN.complexity_level_id)
    )
    category = service_category.c
    columns = (SENT.reference_number, SENT.id, intervention.c.title, category.id.label("category_id"), category.name)
    level = complexity_level.c.title.label("level_title")
    return select(*columns, level).select_from(chosen).order_by(SENT.id, category.name, category.id)


def _outcomes() -> Select[Any]:
    written = (
        referral.join(end_of_service_report, REPORT.referral_id == SENT.id)
        .join(end_of_service_report_outcome, OUTCOME.end_of_service_report_id == REPORT.id)
        .join(desired_outcome, desired_outcome.c.id == OUTCOME.desired_outcome_id)
    )
    columns = (SENT.reference_number, SENT.id, desired_outcome.c.description, OUTCOME.achievement_level)
    submitted = select(*columns).select_from(written).where(REPORT.submitted_at.is_not(None))
    return submitted.order_by(SENT.id, desired_outcome.c.description, OUTCOME.desired_outcome_id)


LINES = {Extract.APPOINTMENTS: _appointments(), Extract.COMPLEXITY: _complexity(), Extract.OUTCOMES: _outcomes()}


class ExtractViews(Views):
    """Lines of the extracts."""

    async def lines_after(
        self, kind: Extract, after: UUID | None, *, limit: int
    ) -> tuple[Sequence[Line], UUID | None]:  # fmt: skip
        """The lines of the next ``limit`` referrals by id, and the last of these; None when there are no more."""
        ids = select(SENT.id).order_by(SENT.id).limit(limit)
        found = [row["id"] for row in await self.all(ids if after is None else ids.where(SENT.id > after))]
        if not found:
            return [], None
        mine = LINES[kind].where(SENT.id == any_(IDS))
        return [tuple(row) for row in (await self.connection.execute(mine, {"ids": found})).all()], found[-1]


async def referrals_after(
    views: ExtractViews, catalogue: Catalogue, after: Place | None, *, limit: int
) -> tuple[Sequence[Line], Place | None]:  # fmt: skip
    """The lines of the next referrals by the time of sending, and the last of these; None when there are no more."""
    page = await ReportingViews(views.connection).page(Population(), catalogue, after=after, limit=limit)
    return [referral_line(one) for one in page], Place(page[-1].sent_at, page[-1].id) if page else None
