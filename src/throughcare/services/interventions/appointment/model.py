"""An appointment of a supplier assessment or a delivery session: what happened at it, and what follows.

Rules of status and feedback as in ministryofjustice/hmpps-interventions-service; differences in
``docs/interventions.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from throughcare.services.interventions.refusal.model import Clash, NotThere, NotYet, Refused

YES, LATE, NO = "YES", "LATE", "NO"
OFFICE, OTHER_PLACE = "IN_PERSON_MEETING_PROBATION_OFFICE", "IN_PERSON_MEETING_OTHER"
ONE_TO_ONE = "ONE_TO_ONE"


class Status(StrEnum):
    """What both sides' screens say of a session or an assessment."""

    NOT_SCHEDULED = "not scheduled"
    SCHEDULED = "scheduled"
    RESCHEDULED = "rescheduled"
    AWAITING_FEEDBACK = "awaiting feedback"
    COMPLETED = "completed"
    DID_NOT_ATTEND = "did not attend"
    DID_NOT_HAPPEN = "did not happen"


@dataclass(frozen=True)
class Address:
    """Where a meeting takes place that is not at a probation office.

    The postcode is upper case without spaces.
    """

    first_address_line: str
    second_address_line: str | None
    town_or_city: str | None
    county: str | None
    post_code: str


@dataclass(frozen=True)
class Booking:
    """When, how and where to meet."""

    appointment_time: datetime
    duration_in_minutes: int
    delivery_type: str
    session_type: str | None = ONE_TO_ONE
    address: Address | None = None
    nps_office_code: str | None = None

    @property
    def ends_at(self) -> datetime:
        """When the meeting is over."""
        return self.appointment_time + timedelta(minutes=self.duration_in_minutes)

    def same_place_and_time(self, other: Booking) -> bool:
        """Whether the case record would see no difference."""
        mine = (self.appointment_time, self.duration_in_minutes, self.nps_office_code)
        return mine == (other.appointment_time, other.duration_in_minutes, other.nps_office_code)


@dataclass(frozen=True)
class Attendance:
    """Whether the person came, and whether the session took place.

    ``did_session_happen`` is None on old records.
    """

    attended: str | None = None
    did_session_happen: bool | None = None


@dataclass(frozen=True)
class Feedback:
    """What the provider wrote about an appointment."""

    late: bool | None = None
    late_reason: str | None = None
    no_session_reason_type: str | None = None
    no_session_reason_pop_acceptable: str | None = None
    no_session_reason_pop_unacceptable: str | None = None
    no_session_reason_logistics: str | None = None
    no_attendance_information: str | None = None
    session_summary: str | None = None
    session_response: str | None = None
    session_behaviour: str | None = None
    session_concerns: str | None = None
    future_session_plans: str | None = None
    notify_probation_practitioner_of_behaviour: bool | None = None
    notify_probation_practitioner_of_concerns: bool | None = None


@dataclass(frozen=True)
class Mark:
    """When something was recorded, and by whom."""

    at: datetime
    by: UUID


@dataclass(frozen=True)
class Appointment:
    """One appointment. It belongs to a supplier assessment or to a delivery session.

    ``ordinal`` rises with each booking of the same assessment or session; ``version`` counts changes.
    """

    id: UUID
    referral_id: UUID
    ordinal: int
    booking: Booking
    created: Mark
    supplier_assessment_id: UUID | None = None
    delivery_session_id: UUID | None = None
    delius_appointment_id: int | None = None
    attendance: Attendance = Attendance()
    attendance_submitted: Mark | None = None
    feedback: Feedback = Feedback()
    session_feedback_submitted: Mark | None = None
    feedback_submitted: Mark | None = None
    superseded_by: UUID | None = None
    reschedule_requested_by: str | None = None
    rescheduled_reason: str | None = None
    stale: bool = False
    version: int = 1

    @property
    def feedback_final(self) -> bool:
        """Whether feedback was submitted, which freezes the appointment."""
        return self.feedback_submitted is not None

    @property
    def attended(self) -> bool:
        """Whether the person came, on final feedback."""
        return self.feedback_final and self.attendance.attended in {YES, LATE}

    @property
    def not_attended(self) -> bool:
        """Whether the person stayed away, on final feedback."""
        return self.feedback_final and self.attendance.attended == NO

    @property
    def completed(self) -> bool:
        """Whether the session took place with the person there."""
        if self.attendance.did_session_happen is None:
            return self.attendance.attended in {YES, LATE}
        return self.attendance.did_session_happen and self.attendance.attended == YES

    @property
    def superseded(self) -> bool:
        """Whether another appointment took its place."""
        return self.superseded_by is not None

    @property
    def live(self) -> bool:
        """Whether it counts: neither superseded nor put aside by an administrator."""
        return not self.superseded and not self.stale

    @property
    def delivered(self) -> bool:
        """Whether final feedback says that the session happened: it cannot be booked again."""
        return self.feedback_final and self.attendance.did_session_happen is True

    @property
    def urn(self) -> str:
        """The name under which the probation case record knows the appointment."""
        return f"urn:hmpps:interventions-appointment:{self.id}"

    def as_of(self, moment: datetime) -> Appointment:
        """The appointment as it was then, as far as its final feedback goes."""
        late = self.feedback_submitted is not None and self.feedback_submitted.at > moment
        return replace(self, feedback_submitted=None) if late else self

    def record_attendance(self, attendance: Attendance, mark: Mark) -> Appointment:
        """The appointment with attendance, which may be recorded again until feedback is final.

        Another answer to whether the session happened, or another attendance when it did not, wipes the
        feedback that was saved: it answers other questions. Raises Clash, Refused.
        """
        self._check_open()
        self._check_past(mark.at)
        recorded = replace(self, attendance=attendance, attendance_submitted=mark)
        if self.attendance_submitted is None or not self._changes_questions(attendance):
            return recorded
        return replace(recorded, feedback=Feedback(), session_feedback_submitted=None)

    def record_feedback(self, feedback: Feedback, mark: Mark) -> Appointment:
        """The appointment with feedback in place of what was saved before. Raises Clash."""
        self._check_open()
        return replace(self, feedback=feedback, session_feedback_submitted=mark)

    def submit(self, mark: Mark) -> Appointment:
        """The appointment with final feedback. Raises Clash, NotYet, Refused."""
        self._check_open()
        if self.attendance_submitted is None:
            raise NotYet("ATTENDANCE_NOT_RECORDED", "attendance must be recorded before feedback is submitted")
        self._check_past(mark.at)
        return replace(self, feedback_submitted=mark)

    def account(self, attendance: Attendance, feedback: Feedback, mark: Mark) -> Appointment:
        """The appointment with everything that happened at it, final at once. Raises Clash, Refused."""
        return self.record_attendance(attendance, mark).record_feedback(feedback, mark).submit(mark)

    def replaced_by(self, other: UUID, *, requested_by: str | None, reason: str | None) -> Appointment:
        """The appointment as history, with who asked for the change and why."""
        return replace(self, superseded_by=other, reschedule_requested_by=requested_by, rescheduled_reason=reason)

    def _changes_questions(self, new: Attendance) -> bool:
        old = self.attendance
        if old.did_session_happen is None and old.attended == YES:
            return False
        if new.did_session_happen != old.did_session_happen:
            return True
        return new.did_session_happen is False and new.attended != old.attended

    def _check_open(self) -> None:
        if self.feedback_final:
            raise Clash("FEEDBACK_ALREADY_SUBMITTED", "feedback for this appointment has been submitted already")

    def _check_past(self, now: datetime) -> None:
        if self.booking.appointment_time > now:
            raise Refused("APPOINTMENT_IN_FUTURE", "the appointment has not taken place yet")


def current(appointments: Sequence[Appointment]) -> Appointment | None:
    """The newest appointment, the one that counts; None when nothing was booked.

    When that was put aside, it is the newest of those that nothing took the place of.
    """
    newest = max(appointments, key=lambda one: one.ordinal, default=None)
    if newest is None or not newest.stale:
        return newest
    return max((one for one in appointments if one.live), key=lambda one: one.ordinal, default=None)


def status(appointment: Appointment | None, now: datetime) -> Status:
    """What to say of a session or assessment whose current appointment this is."""
    if appointment is None:
        return Status.NOT_SCHEDULED
    attendance = appointment.attendance
    if appointment.superseded and attendance.attended is None:
        return Status.RESCHEDULED
    if appointment.feedback_final:
        if appointment.completed or attendance.did_session_happen:
            return Status.COMPLETED
        return Status.DID_NOT_ATTEND if attendance.attended == NO else Status.DID_NOT_HAPPEN
    return Status.AWAITING_FEEDBACK if appointment.booking.appointment_time < now else Status.SCHEDULED


def no_appointment() -> NotThere:
    """The refusal of an appointment that is not there."""
    return NotThere("APPOINTMENT_NOT_FOUND", "there is no such appointment")
