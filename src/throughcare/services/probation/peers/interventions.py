"""Referrals, sessions and supplier assessments, as interventions shows them to a system client."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class Attendance(Wire):
    """Whether the person came."""

    attended: str | None = None
    did_session_happen: bool | None = None
    submitted_at: datetime | None = None


class SessionFeedback(Wire):
    """What the caseworker says of the session."""

    no_session_reason_type: str | None = None
    notify_probation_practitioner_of_behaviour: bool | None = None


class Feedback(Wire):
    """The feedback on one appointment; it is final once submitted."""

    attendance_feedback: Attendance = Attendance()
    session_feedback: SessionFeedback = SessionFeedback()
    submitted: bool = False


class Appointment(Wire):
    """One appointment with its feedback."""

    id: UUID
    appointment_feedback: Feedback = Feedback()


class DeliverySession(Wire):
    """A session with its current appointment and those before."""

    appointment_id: UUID | None = None
    appointment_feedback: Feedback = Feedback()
    old_appointments: list[Appointment] = Field(default=[])

    @property
    def appointments(self) -> list[Appointment]:
        """All appointments of the session."""
        now = self.appointment_id
        current = [Appointment(id=now, appointment_feedback=self.appointment_feedback)] if now else []
        return [*current, *self.old_appointments]


class SupplierAssessment(Wire):
    """The first meeting, with every appointment for it."""

    appointments: list[Appointment] = Field(default=[])


class Named(Wire):
    """Something with a name."""

    name: str = ""


class ReferralFields(Wire):
    """What was referred."""

    service_provider: Named = Named()
    contract_type_name: str | None = None


class Report(Wire):
    """The end-of-service report."""

    submitted_at: datetime | None = None


class SentReferral(Wire):
    """A referral that was sent."""

    id: UUID
    reference_number: str
    end_requested_at: datetime | None = None
    concluded_at: datetime | None = None
    end_of_service_report: Report | None = None
    referral: ReferralFields = ReferralFields()


class InterventionsPeer(Peer, service="interventions"):
    """Reads what an event is about."""

    async def referral(self, referral_id: UUID) -> SentReferral | None:
        """The referral, or None when there is none."""
        return await self.get(f"/sent-referral/{referral_id}", SentReferral, missing=None)

    async def session(self, referral_id: UUID, number: int) -> DeliverySession | None:
        """A session of the referral by its number, or None."""
        return await self.get(f"/referral/{referral_id}/sessions/{number}", DeliverySession, missing=None)

    async def supplier_assessment(self, referral_id: UUID) -> SupplierAssessment | None:
        """The supplier assessment of the referral, or None."""
        return await self.get(f"/sent-referral/{referral_id}/supplier-assessment", SupplierAssessment, missing=None)
