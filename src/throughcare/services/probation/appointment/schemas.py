"""Appointments as they go over the wire."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AliasChoices, Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.appointment.model import Attended, Booking, Feedback, NoSessionReason
from throughcare.services.probation.nsi.schemas import Id, Moment, Notes

DAY_IN_MINUTES = 1440


class OutcomeBody(Wire):
    """What came of an appointment. ``notify`` is the older name of the behaviour flag."""

    attended: Attended
    did_session_happen: bool | None = None
    no_session_reason_type: NoSessionReason | None = None
    notify_of_behaviour: Annotated[
        bool | None,
        Field(validation_alias=AliasChoices("notifyProbationPractitionerOfBehaviour", "notify")),
    ] = None

    def feedback(self) -> Feedback:
        """The same as the rules want it."""
        return Feedback(
            self.attended,
            self.did_session_happen,
            self.no_session_reason_type,
            bool(self.notify_of_behaviour),
        )


class AppointmentBody(Wire):
    """An appointment to book, move or give an outcome to."""

    id: UUID
    referral_id: UUID | None = None
    referral_reference: Annotated[str, Field(max_length=20)] | None = None
    start: Moment
    duration_in_minutes: Annotated[int, Field(ge=1, lt=DAY_IN_MINUTES)]
    notes: Notes | None = None
    office_location_code: Annotated[str, Field(max_length=20)] | None = None
    counts_towards_rar: bool
    outcome: OutcomeBody | None = None
    sentence_id: Id | None = None
    previous_id: UUID | None = None
    delius_id: Id | None = None
    reschedule_requested_by: Annotated[str, Field(max_length=100)] | None = None

    def booking(self, referral_id: UUID) -> Booking:
        """The same as the rules want it."""
        return Booking(
            appointment_id=self.id, referral_id=referral_id, start=self.start,
            duration=timedelta(minutes=self.duration_in_minutes), counts_towards_rar=self.counts_towards_rar,
            notes=self.notes, office_location_code=self.office_location_code or None,
            feedback=self.outcome.feedback() if self.outcome else None, previous_id=self.previous_id,
            delius_id=self.delius_id, reschedule_requested_by=self.reschedule_requested_by,
        )  # fmt: skip


class BookedAppointment(Wire):
    """The contact that an appointment became."""

    appointment_id: int
