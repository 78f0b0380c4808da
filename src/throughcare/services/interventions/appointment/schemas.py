"""Appointments and feedback on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.appointment import model

DeliveryType = Literal["PHONE_CALL", "VIDEO_CALL", "IN_PERSON_MEETING_PROBATION_OFFICE", "IN_PERSON_MEETING_OTHER"]
SessionType = Literal["ONE_TO_ONE", "GROUP"]
Attended = Literal["yes", "late", "no"]
ReasonType = Literal["POP_ACCEPTABLE", "POP_UNACCEPTABLE", "LOGISTICS"]
Actors = Mapping[UUID, Actor]


class Address(Wire):
    """Where a meeting takes place that is not at a probation office."""

    first_address_line: str | None = None
    second_address_line: str | None = None
    town_or_city: str | None = None
    county: str | None = None
    post_code: str | None = None

    def given(self) -> model.Address:
        """The address with its postcode in upper case without spaces."""
        code = "".join((self.post_code or "").split()).upper()
        return model.Address(
            self.first_address_line or "", self.second_address_line, self.town_or_city, self.county, code
        )


class RecordAttendance(Wire):
    """Whether the person came and the session happened."""

    attended: Attended | None = None
    did_session_happen: bool | None = None

    def given(self) -> model.Attendance:
        """What was recorded."""
        return model.Attendance(self.attended and self.attended.upper(), self.did_session_happen)


class RecordFeedback(Wire):
    """What the provider writes about an appointment.

    ``notifyProbationPractitioner`` is an older name for concerns.
    """

    late: bool | None = None
    late_reason: str | None = None
    future_session_plans: str | None = None
    no_attendance_information: str | None = None
    no_session_reason_type: ReasonType | None = None
    no_session_reason_pop_acceptable: str | None = None
    no_session_reason_pop_unacceptable: str | None = None
    no_session_reason_logistics: str | None = None
    session_summary: str | None = None
    session_response: str | None = None
    session_behaviour: str | None = None
    session_concerns: str | None = None
    notify_probation_practitioner_of_behaviour: bool | None = None
    notify_probation_practitioner_of_concerns: bool | None = None
    notify_probation_practitioner: bool | None = None

    def given(self) -> model.Feedback:
        """What was written."""
        values = {one.name: getattr(self, one.name) for one in fields(model.Feedback)}
        if values["notify_probation_practitioner_of_concerns"] is None:
            values["notify_probation_practitioner_of_concerns"] = self.notify_probation_practitioner
        return model.Feedback(**values)


class AttendanceFeedback(Wire):
    """What was recorded about attendance."""

    did_session_happen: bool | None = None
    attended: Attended | None = None
    additional_attendance_information: None = Field(default=None, description="only on records of the old system")
    attendance_failure_information: None = Field(default=None, description="only on records of the old system")
    submitted_at: datetime | None = None
    submitted_by: AuthUser | None = None


class SessionFeedback(Wire):
    """What was written about the session."""

    late: bool | None = None
    late_reason: str | None = None
    future_session_plans: str | None = None
    no_attendance_information: str | None = None
    no_session_reason_type: ReasonType | None = None
    no_session_reason_pop_acceptable: str | None = None
    no_session_reason_pop_unacceptable: str | None = None
    no_session_reason_logistics: str | None = None
    behaviour_description: None = Field(default=None, description="only on records of the old system")
    session_summary: str | None = None
    session_response: str | None = None
    session_behaviour: str | None = None
    session_concerns: str | None = None
    notify_probation_practitioner: None = Field(default=None, description="only on records of the old system")
    notify_probation_practitioner_of_behaviour: bool | None = None
    notify_probation_practitioner_of_concerns: bool | None = None


class AppointmentFeedback(Wire):
    """Attendance and feedback of an appointment; all empty before anything is recorded."""

    attendance_feedback: AttendanceFeedback = AttendanceFeedback()
    session_feedback: SessionFeedback = SessionFeedback()
    submitted: bool = False
    submitted_by: AuthUser | None = None

    @classmethod
    def of(cls, appointment: model.Appointment, actors: Actors) -> Self:
        """The feedback of an appointment."""
        attendance, recorded = appointment.attendance, appointment.attendance_submitted
        final = appointment.feedback_submitted
        return cls(
            attendance_feedback=AttendanceFeedback(
                did_session_happen=attendance.did_session_happen,
                attended=attendance.attended.lower() if attendance.attended else None,
                submitted_at=recorded.at if recorded else None,
                submitted_by=AuthUser.find(actors, recorded.by if recorded else None),
            ),
            session_feedback=SessionFeedback.model_validate(vars(appointment.feedback)),
            submitted=final is not None,
            submitted_by=AuthUser.find(actors, final.by if final else None),
        )


class Meeting(Wire):
    """When, how and where a meeting takes place."""

    appointment_time: datetime
    duration_in_minutes: int
    appointment_delivery_type: DeliveryType
    session_type: SessionType | None
    appointment_delivery_address: Address | None
    nps_office_code: str | None


def meeting(booking: model.Booking) -> dict[str, object]:
    """The fields of ``Meeting``; an address only where one was met at."""
    other = booking.delivery_type == model.OTHER_PLACE
    return {
        "appointment_time": booking.appointment_time,
        "duration_in_minutes": booking.duration_in_minutes,
        "appointment_delivery_type": booking.delivery_type,
        "session_type": booking.session_type,
        "appointment_delivery_address": vars(booking.address) if other and booking.address else None,
        "nps_office_code": booking.nps_office_code,
    }


class Appointment(Meeting):
    """An appointment of a supplier assessment, or an earlier one of a session."""

    id: UUID
    appointment_feedback: AppointmentFeedback
    created_at: datetime
    superseded: bool
    reschedule_requested_by: str | None
    rescheduled_reason: str | None

    @classmethod
    def of(cls, appointment: model.Appointment, actors: Actors) -> Self:
        """The appointment as callers know it."""
        return cls.model_validate(
            {
                **meeting(appointment.booking),
                "id": appointment.id,
                "appointment_feedback": AppointmentFeedback.of(appointment, actors),
                "created_at": appointment.created.at,
                "superseded": appointment.superseded,
                "reschedule_requested_by": appointment.reschedule_requested_by,
                "rescheduled_reason": appointment.rescheduled_reason,
            }
        )


def people_of(appointment: model.Appointment) -> set[UUID]:
    """Everybody whom an appointment's feedback names."""
    marks = (appointment.attendance_submitted, appointment.feedback_submitted)
    return {mark.by for mark in marks if mark is not None}
