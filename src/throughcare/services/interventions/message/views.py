"""What messages say, read when they are written."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.case_note.store import CaseNoteStore
from throughcare.services.interventions.changelog.model import Entry
from throughcare.services.interventions.changelog.store import ChangelogStore
from throughcare.services.interventions.message.model import Account
from throughcare.services.interventions.page.model import Pages
from throughcare.services.interventions.progress.model import Delivery
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.report.model import no_report
from throughcare.services.interventions.report.store import end_of_service_report
from throughcare.services.interventions.session.store import SessionStore


class MessageViews(Views):
    """Facts for messages."""

    async def referral(self, referral_id: UUID) -> Referral:
        """The referral. Raises NotThere."""
        return await ReferralStore(self.connection).get(referral_id)

    async def referral_of_report(self, report_id: UUID) -> Referral:
        """The referral that a report is about. Raises NotThere."""
        table = end_of_service_report
        found = await self.one_or_none(select(table.c.referral_id).where(table.c.id == report_id))
        if found is None:
            raise no_report()
        return await self.referral(found["referral_id"])

    async def delivery(self, referral_id: UUID) -> Delivery:
        """What was planned and what happened."""
        return await read_delivery(self, referral_id)

    async def submitter(self, plan_id: UUID) -> Actor | None:
        """Who submitted an action plan. Raises NotThere."""
        plan = await ActionPlanStore(self.connection).get(plan_id)
        return await self.actor(plan.submitted.by) if plan.submitted else None

    async def account(self, referral_id: UUID, delius_id: int, pages: Pages) -> Account | None:
        """What feedback says of the appointment with this number in the case record, or None."""
        found = await AppointmentStore(self.connection).find_by_delius_id(referral_id, delius_id)
        if found is None:
            return None
        written = found.feedback
        return Account(
            await self._page(found, pages), found.not_attended,
            bool(written.notify_probation_practitioner_of_behaviour),
            bool(written.notify_probation_practitioner_of_concerns),
        )  # fmt: skip

    async def sender(self, note_id: UUID) -> Actor:
        """Who wrote a case note. Raises NotThere."""
        return await self.actor((await CaseNoteStore(self.connection).get(note_id)).sent.by)

    async def change(self, change_id: UUID) -> Entry:
        """An entry of a change log. Raises NotThere."""
        return await ChangelogStore(self.connection).get(change_id)

    async def actor(self, actor_id: UUID) -> Actor:
        """The person with this identity."""
        return (await named(self, [actor_id]))[actor_id]

    async def _page(self, found: Appointment, pages: Pages) -> str:
        if found.delivery_session_id is None:
            return pages.assessment_feedback(found.referral_id)
        session = await SessionStore(self.connection).with_id(found.delivery_session_id)
        return pages.session_feedback(found.referral_id, session.number, found.id)
