"""The supplier assessment: the first meeting, before an action plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.services.interventions.appointment.model import (
    NO,
    ONE_TO_ONE,
    Appointment,
    Booking,
    current,
    no_appointment,
)
from throughcare.services.interventions.refusal.model import Clash, NotThere, Refused


@dataclass(frozen=True)
class SupplierAssessment:
    """The assessment of one referral with its appointments, oldest first. ``version`` counts bookings."""

    id: UUID
    referral_id: UUID
    appointments: Sequence[Appointment] = ()
    version: int = 1

    @property
    def current(self) -> Appointment | None:
        """The appointment that counts."""
        return current(self.appointments)

    @property
    def completed(self) -> bool:
        """Whether a plan may be submitted: the current appointment has final feedback and was kept."""
        held = self.current
        return held is not None and held.feedback_final and held.attendance.attended != NO

    def to_record(self) -> Appointment:
        """The appointment that attendance and feedback are about. Raises NotThere."""
        if self.current is None:
            raise no_appointment()
        return self.current

    def to_move(self) -> Appointment | None:
        """The appointment that a new booking takes the place of; None when it stands beside what went before.

        An appointment that was missed, or at which no session happened, stays as history of its own.
        Raises Clash (APPOINTMENT_ALREADY_DELIVERED) when the assessment took place.
        """
        held = self.current
        if held is None or held.attendance.did_session_happen is False:
            return None
        if held.attendance.did_session_happen:
            raise delivered()
        return None if held.attendance.attended == NO else held

    def check_addition(self, booking: Booking) -> None:
        """Raises Clash, Refused when a further appointment cannot stand after the current one."""
        held = self.current
        if held is None:
            return
        if held.booking.appointment_time > booking.appointment_time:
            raise Clash("APPOINTMENT_OUT_OF_ORDER", "there is a later appointment already")
        if not held.feedback_final:
            raise Refused("PREVIOUS_APPOINTMENT_OPEN", "the previous appointment still needs feedback")

    def to_change(self, appointment_id: UUID, booking: Booking) -> Appointment:
        """The appointment with this id, which must be the current one. Raises Clash, NotThere, Refused."""
        if booking.session_type != ONE_TO_ONE:
            raise Refused("SESSION_TYPE_NOT_ALLOWED", "a supplier assessment is held one to one")
        held = next((one for one in self.appointments if one.id == appointment_id), None)
        if held is None:
            raise no_appointment()
        if held != self.current:
            raise Refused("APPOINTMENT_NOT_LATEST", "only the latest appointment can be changed")
        if held.feedback_final:
            raise delivered()
        return held


def delivered() -> Clash:
    """The refusal of booking again what took place."""
    return Clash("APPOINTMENT_ALREADY_DELIVERED", "the appointment has been delivered already")


def no_assessment() -> NotThere:
    """The refusal of an assessment that is not there."""
    return NotThere("ASSESSMENT_NOT_FOUND", "there is no such supplier assessment")
