"""Reads everything that is held about one person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, Table, select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.case_note.model import CaseNote
from throughcare.services.interventions.case_note.store import case_note
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.store import probation_office
from throughcare.services.interventions.changelog.store import changelog
from throughcare.services.interventions.draft.model import Details, Location, Needs
from throughcare.services.interventions.draft.store import draft_oasys_risk_information, draft_referral, part_of
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore, referral_assignment, referral_details
from throughcare.services.interventions.report.store import ReportStore
from throughcare.services.interventions.subject_access import schemas
from throughcare.services.interventions.subject_access.model import DetailsVersion, DraftFile, Period, ReferralFile


class SubjectAccessViews(Views):
    """What is held about a person."""

    async def held(self, crn: str, period: Period, catalogue: Catalogue) -> schemas.Held | None:
        """The records of which something happened in the period; None when there are none."""
        files = [await self._file(one) for one in await ReferralStore(self.connection).of_person(crn)]
        files = [one for one in files if period.holds(one.moments())]
        drafts = [one for one in await self._drafts(crn) if period.holds(one.moments())]
        if not files and not drafts:
            return None
        actors = await named(self, {who for one in files for who in one.authors()})
        names = {key: one.username for key, one in actors.items()}
        offices = await self._offices()
        return schemas.Held(
            crn=crn,
            referral=[schemas.Referral.of(one, catalogue, names, offices) for one in files],
            draft_referral=[schemas.DraftReferral.of(one, catalogue) for one in drafts],
        )

    async def _file(self, sent: Referral) -> ReferralFile:
        delivery = await read_delivery(self, sent.id)
        appointments = [one for session in delivery.sessions for one in session]
        details = await self._rows(referral_details, sent.id, "created_at")
        notes = await self._rows(case_note, sent.id, "sent_at")
        return ReferralFile(
            sent, delivery.stage, [_version(row) for row in details],
            [row["assigned_at"] for row in await self._rows(referral_assignment, sent.id, "assigned_at")],
            sorted(appointments, key=lambda one: (one.booking.appointment_time, one.id)),
            await ActionPlanStore(self.connection).of_referral(sent.id),
            await ReportStore(self.connection).find_of_referral(sent.id),
            [
                CaseNote(row["id"], sent.id, row["subject"], row["body"], Mark(row["sent_at"], row["sent_by"]))
                for row in notes
            ],
            [row["changed_at"] for row in await self._rows(changelog, sent.id, "changed_at")],
        )  # fmt: skip

    async def _drafts(self, crn: str) -> list[DraftFile]:
        draft, risk = draft_referral.c, draft_oasys_risk_information
        joined = draft_referral.outerjoin(risk, risk.c.draft_id == draft.id)
        statement = select(draft_referral, risk.c.updated_at.label("risk_at")).select_from(joined)
        return [
            DraftFile(
                crn, row["intervention_id"], row["created_at"],
                (row["additional_risk_information_updated_at"], row["risk_at"]), part_of(Needs, row),
                part_of(Location, row), row["role_or_job_title"],
            )
            for row in await self.all(statement.where(draft.crn == crn).order_by(draft.created_at, draft.id))
        ]  # fmt: skip

    async def _rows(self, table: Table, referral_id: UUID, order: str) -> Sequence[RowMapping]:
        mine = select(table).where(table.c.referral_id == referral_id)
        return await self.all(mine.order_by(table.c[order], table.c.id))

    async def _offices(self) -> dict[str, str]:
        office = probation_office.c
        coded = select(office.delius_code, office.name).where(office.delius_code.is_not(None)).order_by(office.id)
        return {row["delius_code"]: row["name"] for row in await self.all(coded)}


def _version(row: RowMapping) -> DetailsVersion:
    created = Mark(row["created_at"], row["created_by"])
    return DetailsVersion(created, row["reason_for_change"], part_of(Details, row))
