"""A request for an appointment, on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.appointment.model import ONE_TO_ONE, OTHER_PLACE, Booking, Feedback
from throughcare.services.interventions.appointment.schemas import (
    Address,
    DeliveryType,
    RecordAttendance,
    RecordFeedback,
    SessionType,
)
from throughcare.services.interventions.booking.model import Request

Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]


class UpdateAppointment(Wire):
    """An appointment to be booked or moved. One before today must carry its attendance and feedback."""

    appointment_time: Moment
    duration_in_minutes: int = Field(ge=-(2**31), le=2**31 - 1)
    appointment_delivery_type: DeliveryType
    session_type: SessionType | None = None
    appointment_delivery_address: Address | None = None
    nps_office_code: str | None = Field(default=None, max_length=7)
    reschedule_requested_by: str | None = None
    rescheduled_reason: str | None = None
    attendance_feedback: RecordAttendance | None = None
    session_feedback: RecordFeedback | None = None

    def given(self) -> Request:
        """What is asked for. The address counts only where one is met at."""
        elsewhere = self.appointment_delivery_type == OTHER_PLACE and self.appointment_delivery_address
        booking = Booking(
            self.appointment_time,
            self.duration_in_minutes,
            self.appointment_delivery_type,
            self.session_type or ONE_TO_ONE,
            elsewhere.given() if elsewhere else None,
            self.nps_office_code,
        )
        attendance = self.attendance_feedback.given() if self.attendance_feedback else None
        feedback = self.session_feedback.given() if self.session_feedback else None
        if attendance is not None and feedback is None:
            feedback = Feedback()
        return Request(booking, self.reschedule_requested_by, self.rescheduled_reason, attendance, feedback)
