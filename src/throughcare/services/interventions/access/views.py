"""Finds out to which referral a record belongs.

The tables are the features' own; only their keys matter here.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, RowMapping, Select, Text, Uuid, column, select, table

from throughcare.kit.db.database import Views
from throughcare.services.interventions.access.model import Place
from throughcare.services.interventions.refusal.model import Clash, NotThere


def _table(name: str, *columns: str) -> FromClause:
    kinds = {"crn": Text()}
    made = [column(one, kinds.get(one, Uuid())) for one in ("id", *columns)]
    return table(name, *made, schema="interventions")


draft = _table("draft_referral", "crn", "intervention_id")
referral = _table("referral", "crn", "intervention_id")
action_plan = _table("action_plan", "referral_id")
supplier_assessment = _table("supplier_assessment", "referral_id")
report = _table("end_of_service_report", "referral_id")
changelog = _table("changelog", "referral_id")
case_note = _table("case_note", "referral_id")

OF_REFERRAL = select(referral.c.id.label("referral_id"), referral.c.crn, referral.c.intervention_id)


class AccessViews(Views):
    """Places of records. Each raises NotThere with the code of its kind of record."""

    async def referral(self, referral_id: UUID) -> Place:
        """The place of a sent referral."""
        return await self._place(OF_REFERRAL.where(referral.c.id == referral_id), "REFERRAL_NOT_FOUND")

    async def of_person(self, crn: str) -> list[Place]:
        """The places of every sent referral of a person, oldest first."""
        rows = await self.all(OF_REFERRAL.where(referral.c.crn == crn).order_by(referral.c.id))
        return [Place(row["referral_id"], row["crn"], row["intervention_id"]) for row in rows]

    async def action_plan(self, plan_id: UUID) -> Place:
        """The place of an action plan."""
        return await self._under(action_plan, action_plan.c.id == plan_id, "ACTION_PLAN_NOT_FOUND")

    async def supplier_assessment(self, assessment_id: UUID) -> Place:
        """The place of a supplier assessment."""
        return await self._under(supplier_assessment, supplier_assessment.c.id == assessment_id, "ASSESSMENT_NOT_FOUND")

    async def report(self, report_id: UUID) -> Place:
        """The place of an end of service report."""
        return await self._under(report, report.c.id == report_id, "REPORT_NOT_FOUND")

    async def change(self, change_id: UUID) -> Place:
        """The place of an entry of a change log."""
        return await self._under(changelog, changelog.c.id == change_id, "CHANGELOG_NOT_FOUND")

    async def case_note(self, note_id: UUID) -> Place:
        """The place of a case note."""
        return await self._under(case_note, case_note.c.id == note_id, "CASE_NOTE_NOT_FOUND")

    async def draft(self, draft_id: UUID) -> tuple[Place, bool]:
        """The place of a draft, and whether it was sent already."""
        row = await self.one_or_none(select(draft.c.crn, draft.c.intervention_id).where(draft.c.id == draft_id))
        if row is not None:
            return Place(None, row["crn"], row["intervention_id"]), False
        return await self._place(OF_REFERRAL.where(referral.c.id == draft_id), "DRAFT_NOT_FOUND"), True

    async def _under(self, child: FromClause, matches: ColumnElement[bool], code: str) -> Place:
        joined = OF_REFERRAL.select_from(child.join(referral, referral.c.id == child.c.referral_id))
        return await self._place(joined.where(matches), code)

    async def _place(self, statement: Select[tuple[UUID, str, UUID]], code: str) -> Place:
        row: RowMapping | None = await self.one_or_none(statement)
        if row is None:
            raise NotThere(code, "there is no such record")
        return Place(row["referral_id"], row["crn"], row["intervention_id"])


def already_sent() -> Clash:
    """The refusal of every command on a draft that became a referral."""
    return Clash("DRAFT_ALREADY_SENT", "this referral has been sent and its draft can no longer be changed")


def no_draft() -> NotThere:
    """The refusal of reading a draft that is not there, or no longer."""
    return NotThere("DRAFT_NOT_FOUND", "there is no such record")
