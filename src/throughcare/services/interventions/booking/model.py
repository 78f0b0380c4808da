"""What must be right about an appointment before it is booked, and about feedback before it is final."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5

from throughcare.kit.clock import LONDON, london
from throughcare.services.interventions.appointment.model import (
    NO,
    OFFICE,
    ONE_TO_ONE,
    OTHER_PLACE,
    YES,
    Attendance,
    Booking,
    Feedback,
)
from throughcare.services.interventions.refusal.model import Problem, Refused, check

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
REASON_TEXTS = {
    "POP_ACCEPTABLE": "no_session_reason_pop_acceptable",
    "POP_UNACCEPTABLE": "no_session_reason_pop_unacceptable",
    "LOGISTICS": "no_session_reason_logistics",
}
MONTHS_AHEAD = 6


@dataclass(frozen=True)
class Request:
    """A booking as it was asked for, with what happened when it lies in the past."""

    booking: Booking
    reschedule_requested_by: str | None = None
    rescheduled_reason: str | None = None
    attendance: Attendance | None = None
    feedback: Feedback | None = None

    @property
    def has_outcome(self) -> bool:
        """Whether it says what happened."""
        return self.attendance is not None

    def one_to_one(self) -> Request:
        """The same, between one caseworker and one person."""
        return replace(self, booking=replace(self.booking, session_type=ONE_TO_ONE))


def check_request(request: Request, *, sent_at: datetime, now: datetime) -> None:
    """Raises Invalid with every problem, one of the place alone; Refused when it tells of what is to come."""
    for problem in place_problems(request.booking):
        check([problem])
    check([*time_problems(request.booking, sent_at=sent_at, now=now), *_outcome_problems(request, now)])
    if request.has_outcome and request.booking.appointment_time > now:
        raise Refused("APPOINTMENT_IN_FUTURE", "the appointment has not taken place yet")


def place_problems(booking: Booking) -> Iterator[Problem]:
    """What is wrong with where to meet."""
    if booking.delivery_type == OFFICE and not booking.nps_office_code:
        yield Problem("npsOfficeCode", "CANNOT_BE_EMPTY")
    if booking.delivery_type != OTHER_PLACE:
        return
    address = booking.address
    if address is None:
        yield Problem("appointmentDeliveryAddress", "CANNOT_BE_EMPTY")
        return
    if not address.first_address_line:
        yield Problem("appointmentDeliveryAddress.firstAddressLine", "CANNOT_BE_EMPTY")
    if not address.post_code:
        yield Problem("appointmentDeliveryAddress.postCode", "CANNOT_BE_EMPTY")
    elif not POSTCODE.fullmatch(address.post_code):
        yield Problem("appointmentDeliveryAddress.postCode", "INVALID_FORMAT")


def time_problems(booking: Booking, *, sent_at: datetime, now: datetime) -> Iterator[Problem]:
    """What is wrong with when to meet. Days begin and end in London."""
    sent, latest = london(sent_at).date(), add_months(london(now).date(), MONTHS_AHEAD)
    if booking.appointment_time < datetime.combine(sent, time(0, 0, 1), LONDON):
        yield Problem("appointmentTime", "APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE")
    if booking.appointment_time > datetime.combine(latest, time(23, 59, 59), LONDON):
        yield Problem("appointmentTime", "APPOINTMENT_TIME_TOO_FAR_IN_FUTURE")
    if booking.duration_in_minutes <= 0:
        yield Problem("durationInMinutes", "CANNOT_BE_NEGATIVE_OR_ZERO")
    elif london(booking.ends_at).date() != london(booking.appointment_time).date():
        yield Problem("durationInMinutes", "INVALID_VALUE")


def is_historic(moment: datetime, now: datetime) -> bool:
    """Whether the moment is before today, London time."""
    return london(moment).date() < london(now).date()


def _outcome_problems(request: Request, now: datetime) -> Iterator[Problem]:
    if request.has_outcome or is_historic(request.booking.appointment_time, now):
        yield from outcome_problems(request.attendance or Attendance(), request.feedback or Feedback())


def outcome_problems(attendance: Attendance, feedback: Feedback) -> Iterator[Problem]:
    """What is missing from an account of an appointment."""
    happened = attendance.did_session_happen
    if happened is None:
        yield Problem("attendanceFeedback.didSessionHappen", "CANNOT_BE_EMPTY")
    if attendance.attended is None:
        yield Problem("attendanceFeedback.attended", "CANNOT_BE_EMPTY")
    elif happened and attendance.attended != YES:
        yield Problem("attendanceFeedback.attended", "INVALID_VALUE")
    if happened:
        yield from _needed(feedback, *_after_session(feedback))
    elif happened is False and attendance.attended == YES:
        yield from _needed(feedback, *_no_session(feedback))
    elif happened is False and attendance.attended == NO:
        yield from _needed(feedback, "no_attendance_information", "notify_probation_practitioner_of_concerns")
        if feedback.notify_probation_practitioner_of_behaviour:
            yield from _needed(feedback, "session_behaviour")


def _after_session(feedback: Feedback) -> Iterator[str]:
    yield "late"
    if feedback.late:
        yield "late_reason"
    yield from ("session_summary", "session_response")
    yield from ("notify_probation_practitioner_of_behaviour", "notify_probation_practitioner_of_concerns")
    if feedback.notify_probation_practitioner_of_behaviour:
        yield "session_behaviour"
    if feedback.notify_probation_practitioner_of_concerns:
        yield "session_concerns"


def _no_session(feedback: Feedback) -> Iterator[str]:
    yield REASON_TEXTS.get(feedback.no_session_reason_type or "", "no_session_reason_type")
    yield "notify_probation_practitioner_of_concerns"
    if feedback.notify_probation_practitioner_of_concerns:
        yield "session_concerns"


def _needed(feedback: Feedback, *names: str) -> Iterator[Problem]:
    for name in names:
        if getattr(feedback, name) in {None, ""}:
            yield Problem(f"sessionFeedback.{_camel(name)}", "CANNOT_BE_EMPTY")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def appointment_id(owner: UUID, version: int, booking: Booking) -> UUID:
    """The id for a new appointment of ``owner``: the same when the same request is made again after a
    failure.

    The case record finds an appointment by this id, so a repeated request cannot book twice.
    """
    facts = (booking.appointment_time.isoformat(), booking.duration_in_minutes, booking.nps_office_code)
    return uuid5(NAMESPACE_URL, f"throughcare:appointment:{owner}:{version}:{':'.join(map(str, facts))}")
