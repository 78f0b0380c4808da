"""How a referral is delivered: the supplier assessment, action plans and sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.referrals import User


class Address(Wire):
    """Where a meeting takes place that is not at a probation office."""

    first_address_line: str | None = None
    second_address_line: str | None = None
    town_or_city: str | None = None
    county: str | None = None
    post_code: str | None = None

    @property
    def lines(self) -> Sequence[str]:
        """The address as it is written on a letter."""
        every = (self.first_address_line, self.second_address_line, self.town_or_city, self.county, self.post_code)
        return [one for one in every if one]


class Attendance(Wire):
    """Whether the person came and the session happened."""

    did_session_happen: bool | None = None
    attended: str | None = None
    submitted_at: datetime | None = None
    submitted_by: User | None = None


class SessionFeedback(Wire):
    """What the provider wrote about an appointment."""

    late: bool | None = None
    late_reason: str | None = None
    future_session_plans: str | None = None
    no_attendance_information: str | None = None
    no_session_reason_type: str | None = None
    no_session_reason_pop_acceptable: str | None = None
    no_session_reason_pop_unacceptable: str | None = None
    no_session_reason_logistics: str | None = None
    session_summary: str | None = None
    session_response: str | None = None
    session_behaviour: str | None = None
    session_concerns: str | None = None
    notify_probation_practitioner_of_behaviour: bool | None = None
    notify_probation_practitioner_of_concerns: bool | None = None


class Feedback(Wire):
    """Attendance and feedback of an appointment; ``submitted`` when they are final."""

    attendance_feedback: Attendance = Attendance()
    session_feedback: SessionFeedback = SessionFeedback()
    submitted: bool = False
    submitted_by: User | None = None


class Meeting(Wire):
    """An appointment."""

    appointment_time: datetime
    duration_in_minutes: int
    appointment_delivery_type: str
    session_type: str | None = None
    appointment_delivery_address: Address | None = None
    nps_office_code: str | None = None
    appointment_feedback: Feedback = Feedback()


class Appointment(Meeting):
    """An appointment of a supplier assessment, or an earlier one of a session."""

    id: UUID
    created_at: datetime
    superseded: bool = False
    reschedule_requested_by: str | None = None
    rescheduled_reason: str | None = None


class Assessment(Wire):
    """A supplier assessment with every appointment, oldest first."""

    id: UUID
    referral_id: UUID
    appointments: list[Appointment] = []
    current_appointment_id: UUID | None = None

    @property
    def current(self) -> Appointment | None:
        """The appointment that counts."""
        return next((one for one in self.appointments if one.id == self.current_appointment_id), None)


class Session(Wire):
    """A session of a plan: its current appointment flat, all of it None when there is none; earlier ones in a list."""

    id: UUID
    session_number: int
    appointment_id: UUID | None = None
    appointment_time: datetime | None = None
    duration_in_minutes: int | None = None
    appointment_delivery_type: str | None = None
    session_type: str | None = None
    nps_office_code: str | None = None
    appointment_delivery_address: Address | None = None
    appointment_feedback: Feedback = Feedback()
    old_appointments: list[Appointment] = []


class Activity(Wire):
    """One thing that the provider will do."""

    id: UUID
    description: str
    created_at: datetime


class Plan(Wire):
    """One version of an action plan."""

    id: UUID
    referral_id: UUID
    number_of_sessions: int | None = None
    activities: list[Activity] = []
    created_by: User
    created_at: datetime
    submitted_by: User | None = None
    submitted_at: datetime | None = None
    approved_by: User | None = None
    approved_at: datetime | None = None


class ApprovedPlan(Wire):
    """When a plan was submitted and approved."""

    id: UUID
    submitted_at: datetime
    approved_at: datetime


class Delivery(Peer, service="interventions"):
    """The part of the interventions service that delivers. Every call may raise PeerRefused."""

    async def assessment(self, referral_id: UUID) -> Assessment:
        """The supplier assessment of a referral."""
        return await self.get(f"/sent-referral/{referral_id}/supplier-assessment", Assessment)

    async def plan(self, plan_id: UUID) -> Plan:
        """An action plan."""
        return await self.get(f"/action-plan/{plan_id}", Plan)

    async def approved_plans(self, referral_id: UUID) -> list[ApprovedPlan]:
        """Every approved version of a referral's plan, the newest first."""
        return await self.get(f"/sent-referral/{referral_id}/approved-action-plans", list[ApprovedPlan])

    async def sessions(self, plan_id: UUID) -> list[Session]:
        """The sessions of a plan by their numbers; none before it is approved."""
        return await self.get(f"/action-plan/{plan_id}/appointments", list[Session])

    async def session(self, plan_id: UUID, number: int) -> Session:
        """One session."""
        return await self.get(f"/action-plan/{plan_id}/appointments/{number}", Session)

    async def book_assessment(self, assessment_id: UUID, booking: Mapping[str, object]) -> None:
        """Book or move the assessment; one in the past carries its feedback."""
        await self.put(f"/supplier-assessment/{assessment_id}/schedule-appointment", json=booking)

    async def book_session(self, plan_id: UUID, number: int, booking: Mapping[str, object]) -> None:
        """Book or move a session; one in the past carries its feedback."""
        await self.patch(f"/action-plan/{plan_id}/appointment/{number}", json=booking)

    async def attend_assessment(self, referral_id: UUID, attendance: Mapping[str, object]) -> None:
        """Record who came to the supplier assessment."""
        await self.put(f"/referral/{referral_id}/supplier-assessment/record-attendance", json=attendance)

    async def account_for_assessment(self, referral_id: UUID, feedback: Mapping[str, object]) -> None:
        """Record how the supplier assessment went."""
        await self.put(f"/referral/{referral_id}/supplier-assessment/record-session-feedback", json=feedback)

    async def send_assessment(self, referral_id: UUID, key: str) -> None:
        """Make the feedback on the supplier assessment final, once for each ``key``."""
        await self.post(f"/referral/{referral_id}/supplier-assessment/submit-feedback", idempotency_key=key)

    async def attend_session(self, referral_id: UUID, appointment_id: UUID, attendance: Mapping[str, object]) -> None:
        """Record who came to a session."""
        await self.put(f"{_session(referral_id, appointment_id)}/attendance", json=attendance)

    async def account_for_session(self, referral_id: UUID, appointment_id: UUID, said: Mapping[str, object]) -> None:
        """Record how a session went."""
        await self.put(f"{_session(referral_id, appointment_id)}/session-feedback", json=said)

    async def send_session(self, referral_id: UUID, appointment_id: UUID, key: str) -> None:
        """Make the feedback on a session final, once for each ``key``."""
        await self.post(f"{_session(referral_id, appointment_id)}/submit-feedback", idempotency_key=key)


def _session(referral_id: UUID, appointment_id: UUID) -> str:
    return f"/referral/{referral_id}/delivery-session-appointments/{appointment_id}"
