"""Reads what happened to a referral from its records."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import RowMapping, func, select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.case_note.store import case_note
from throughcare.services.interventions.changelog.store import ChangelogStore
from throughcare.services.interventions.notification.views import NotificationViews
from throughcare.services.interventions.referral.model import no_referral
from throughcare.services.interventions.referral.store import referral, referral_assignment
from throughcare.services.interventions.report.store import end_of_service_report as report
from throughcare.services.interventions.session.store import delivery_session
from throughcare.services.interventions.timeline.model import LONGEST, Facts


class TimelineViews(Views):
    """What the records of a referral hold."""

    async def facts(self, referral_id: UUID) -> Facts:
        """Everything, in one statement for each kind of record. Raises NotThere."""
        row = await self._referral(referral_id)
        plans = await ActionPlanStore(self.connection).outlines(referral_id)
        submitted = _mark(row, "submitted")
        return Facts(
            referral_id, Mark(row["sent_at"], row["sent_by"]), _mark(row, "end_requested"), row["withdrawal_code"],
            row["withdrawal_comments"], row["concluded_at"], (row["report_id"], submitted) if submitted else None,
            await self._assignments(referral_id), await AppointmentStore(self.connection).of_referral(referral_id),
            await self._numbers(referral_id) if plans else {}, plans,
            await ChangelogStore(self.connection).of_referral(referral_id), await self._notes(referral_id),
            await NotificationViews(self.connection).of_referral(referral_id),
        )  # fmt: skip

    async def _referral(self, referral_id: UUID) -> RowMapping:
        sent = referral.c
        row = await self.one_or_none(
            select(
                sent.sent_at, sent.sent_by, sent.end_requested_at, sent.end_requested_by, sent.withdrawal_code,
                sent.withdrawal_comments, sent.concluded_at, report.c.id.label("report_id"), report.c.submitted_at,
                report.c.submitted_by,
            )
            .select_from(referral.outerjoin(report, report.c.referral_id == sent.id))
            .where(sent.id == referral_id)
        )  # fmt: skip
        if row is None:
            raise no_referral()
        return row

    async def _assignments(self, referral_id: UUID) -> list[tuple[UUID, Mark, UUID]]:
        made = referral_assignment.c
        mine = select(referral_assignment).where(made.referral_id == referral_id).order_by(made.assigned_at, made.id)
        rows = await self.all(mine)
        return [(row["id"], Mark(row["assigned_at"], row["assigned_by"]), row["assigned_to"]) for row in rows]

    async def _numbers(self, referral_id: UUID) -> dict[UUID, int]:
        session = delivery_session.c
        mine = select(session.id, session.session_number).where(session.referral_id == referral_id)
        return {row["id"]: row["session_number"] for row in await self.all(mine)}

    async def _notes(self, referral_id: UUID) -> list[tuple[UUID, Mark, str, str]]:
        note = case_note.c
        beginning = func.left(note.body, LONGEST + 1).label("body")
        mine = select(note.id, note.sent_at, note.sent_by, note.subject, beginning)
        rows = await self.all(mine.where(note.referral_id == referral_id))
        return [(row["id"], Mark(row["sent_at"], row["sent_by"]), row["subject"], row["body"]) for row in rows]


def _mark(row: RowMapping, name: str) -> Mark | None:
    at = row[f"{name}_at"]
    return None if at is None else Mark(at, row[f"{name}_by"])
