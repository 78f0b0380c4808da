"""What an appointment and its feedback must say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from throughcare.services.interventions.appointment.model import (
    Address,
    Appointment,
    Attendance,
    Booking,
    Feedback,
    Mark,
)
from throughcare.services.interventions.booking.model import (
    Request,
    add_months,
    appointment_id,
    check_request,
    is_historic,
    outcome_problems,
    place_problems,
    time_problems,
)
from throughcare.services.interventions.refusal.model import Clash, Invalid, NotYet, Refused

NOW = datetime(2024, 7, 4, 12, tzinfo=UTC)
SENT = datetime(2024, 7, 1, 9, tzinfo=UTC)
CALL = Booking(NOW + timedelta(days=1), 60, "PHONE_CALL")
HAPPENED = Feedback(
    late=False, session_summary="s", session_response="r", notify_probation_practitioner_of_behaviour=False,
    notify_probation_practitioner_of_concerns=False,
)  # fmt: skip
ABSENT = Feedback(no_attendance_information="i", notify_probation_practitioner_of_concerns=False)
NOT_HELD = Feedback(
    no_session_reason_type="LOGISTICS", no_session_reason_logistics="No room",
    notify_probation_practitioner_of_concerns=False,
)  # fmt: skip


def address(**changes: str | None) -> Address:
    return replace(Address("1 High Street", None, "Leeds", None, "LS11AA"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("booking", "expected"),
    [
        (CALL, []),
        (replace(CALL, delivery_type="IN_PERSON_MEETING_PROBATION_OFFICE"), [("npsOfficeCode", "CANNOT_BE_EMPTY")]),
        (
            replace(CALL, delivery_type="IN_PERSON_MEETING_OTHER"),
            [("appointmentDeliveryAddress", "CANNOT_BE_EMPTY")],
        ),
        (
            replace(
                CALL, delivery_type="IN_PERSON_MEETING_OTHER", address=address(first_address_line="", post_code="")
            ),
            [
                ("appointmentDeliveryAddress.firstAddressLine", "CANNOT_BE_EMPTY"),
                ("appointmentDeliveryAddress.postCode", "CANNOT_BE_EMPTY"),
            ],
        ),
        (
            replace(CALL, delivery_type="IN_PERSON_MEETING_OTHER", address=address(post_code="LS1")),
            [("appointmentDeliveryAddress.postCode", "INVALID_FORMAT")],
        ),
        (replace(CALL, delivery_type="IN_PERSON_MEETING_OTHER", address=address()), []),
    ],
)
def test_where_to_meet(booking: Booking, expected: list[tuple[str, str]]) -> None:
    assert [(one.field, one.error) for one in place_problems(booking)] == expected


@pytest.mark.parametrize("code", ["M11AE", "B338TH", "CR26XH", "DN551PT", "W1A1HQ", "EC1A1BB"])
def test_every_shape_of_postcode_is_taken(code: str) -> None:
    booking = replace(CALL, delivery_type="IN_PERSON_MEETING_OTHER", address=address(post_code=code))
    assert not list(place_problems(booking))


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        # British Summer Time: the day of sending begins at 23:00 UTC of the day before
        (datetime(2024, 6, 30, 23, 0, 1, tzinfo=UTC), 30, []),
        (
            datetime(2024, 6, 30, 23, 0, 0, tzinfo=UTC), 30,
            [("appointmentTime", "APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE")],
        ),
        (datetime(2025, 1, 4, 23, 0, 0, tzinfo=UTC), 30, []),
        (
            datetime(2025, 1, 5, 0, 0, 0, tzinfo=UTC), 30,
            [("appointmentTime", "APPOINTMENT_TIME_TOO_FAR_IN_FUTURE")],
        ),
        (NOW, 0, [("durationInMinutes", "CANNOT_BE_NEGATIVE_OR_ZERO")]),
        (NOW, -5, [("durationInMinutes", "CANNOT_BE_NEGATIVE_OR_ZERO")]),
        (datetime(2024, 7, 4, 22, 30, tzinfo=UTC), 29, []),
        (datetime(2024, 7, 4, 22, 30, tzinfo=UTC), 30, [("durationInMinutes", "INVALID_VALUE")]),
    ],
)  # fmt: skip
def test_when_to_meet_is_judged_by_days_in_london(
    start: datetime, minutes: int, expected: list[tuple[str, str]]
) -> None:
    booking = replace(CALL, appointment_time=start, duration_in_minutes=minutes)
    assert [(one.field, one.error) for one in time_problems(booking, sent_at=SENT, now=NOW)] == expected


def test_an_appointment_is_historic_before_midnight_in_london() -> None:
    assert is_historic(datetime(2024, 7, 3, 22, 59, tzinfo=UTC), NOW)
    assert not is_historic(datetime(2024, 7, 3, 23, 0, tzinfo=UTC), NOW)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 24))
def test_adding_months_keeps_the_day_or_takes_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("attendance", "feedback", "expected"),
    [
        (Attendance(), Feedback(), {"attendanceFeedback.didSessionHappen", "attendanceFeedback.attended"}),
        (Attendance("NO", True), HAPPENED, {"attendanceFeedback.attended"}),
        (Attendance("YES", True), HAPPENED, set()),
        (
            Attendance("YES", True), Feedback(),
            {
                "sessionFeedback.late", "sessionFeedback.sessionSummary", "sessionFeedback.sessionResponse",
                "sessionFeedback.notifyProbationPractitionerOfBehaviour",
                "sessionFeedback.notifyProbationPractitionerOfConcerns",
            },
        ),
        (Attendance("YES", True), replace(HAPPENED, late=True), {"sessionFeedback.lateReason"}),
        (
            Attendance("YES", True),
            replace(
                HAPPENED, notify_probation_practitioner_of_behaviour=True,
                notify_probation_practitioner_of_concerns=True,
            ),
            {"sessionFeedback.sessionBehaviour", "sessionFeedback.sessionConcerns"},
        ),
        (Attendance("YES", False), NOT_HELD, set()),
        (
            Attendance("YES", False), Feedback(),
            {"sessionFeedback.noSessionReasonType", "sessionFeedback.notifyProbationPractitionerOfConcerns"},
        ),
        (
            Attendance("YES", False), replace(NOT_HELD, no_session_reason_type="POP_ACCEPTABLE"),
            {"sessionFeedback.noSessionReasonPopAcceptable"},
        ),
        (
            Attendance("YES", False), replace(NOT_HELD, notify_probation_practitioner_of_concerns=True),
            {"sessionFeedback.sessionConcerns"},
        ),
        (Attendance("NO", False), ABSENT, set()),
        (
            Attendance("NO", False), Feedback(notify_probation_practitioner_of_behaviour=True),
            {
                "sessionFeedback.noAttendanceInformation",
                "sessionFeedback.notifyProbationPractitionerOfConcerns",
                "sessionFeedback.sessionBehaviour",
            },
        ),
        (Attendance("LATE", False), Feedback(), set()),
    ],
)  # fmt: skip
def test_what_an_account_of_an_appointment_must_say(
    attendance: Attendance, feedback: Feedback, expected: set[str]
) -> None:
    assert {one.field for one in outcome_problems(attendance, feedback)} == expected


def test_a_past_day_must_come_with_what_happened() -> None:
    past = Request(replace(CALL, appointment_time=NOW - timedelta(days=1)))
    with pytest.raises(Invalid):
        check_request(past, sent_at=SENT, now=NOW)
    check_request(replace(past, attendance=Attendance("YES", True), feedback=HAPPENED), sent_at=SENT, now=NOW)


def test_earlier_today_need_not_say_what_happened() -> None:
    check_request(Request(replace(CALL, appointment_time=NOW - timedelta(hours=1))), sent_at=SENT, now=NOW)


def test_nobody_can_tell_what_happens_tomorrow() -> None:
    with pytest.raises(Refused, match="not taken place"):
        check_request(Request(CALL, None, None, Attendance("YES", True), HAPPENED), sent_at=SENT, now=NOW)


def test_the_same_request_again_has_the_same_appointment_id() -> None:
    owner = uuid4()
    assert appointment_id(owner, 1, CALL) == appointment_id(owner, 1, CALL)
    assert appointment_id(owner, 1, CALL) != appointment_id(owner, 2, CALL)
    assert appointment_id(owner, 1, CALL) != appointment_id(owner, 1, replace(CALL, duration_in_minutes=30))


MARK, LATER = Mark(NOW, uuid4()), Mark(NOW + timedelta(days=2), uuid4())


def booked() -> Appointment:
    return Appointment(uuid4(), uuid4(), 1, replace(CALL, appointment_time=NOW - timedelta(hours=1)), MARK)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (Attendance("YES", True), Attendance("YES", True), True),
        (Attendance("YES", True), Attendance("NO", False), False),
        (Attendance("NO", False), Attendance("YES", False), False),
        (Attendance("NO", False), Attendance("NO", False), True),
        (Attendance("YES", None), Attendance("YES", True), True),
        (Attendance("NO", None), Attendance("NO", False), False),
    ],
)
def test_another_answer_about_attendance_wipes_every_field_of_feedback(
    before: Attendance, after: Attendance, kept: bool
) -> None:
    behaviour = replace(HAPPENED, session_behaviour="b", notify_probation_practitioner_of_behaviour=True)
    one = booked().record_attendance(before, MARK).record_feedback(behaviour, MARK)
    again = one.record_attendance(after, MARK)
    assert again.feedback == (behaviour if kept else Feedback())
    assert (again.session_feedback_submitted is not None) is kept


def test_attendance_cannot_be_recorded_before_the_time_has_come() -> None:
    early = replace(booked(), booking=CALL)
    with pytest.raises(Refused) as refused:
        early.record_attendance(Attendance("YES", True), MARK)
    assert refused.value.code == "APPOINTMENT_IN_FUTURE"


def test_feedback_is_final_once_submitted() -> None:
    done = booked().account(Attendance("YES", True), HAPPENED, MARK)
    again_in_any_way: list[Callable[[], Appointment]] = [
        lambda: done.record_attendance(Attendance("NO", False), LATER),
        lambda: done.record_feedback(HAPPENED, LATER),
        lambda: done.submit(LATER),
    ]
    for again in again_in_any_way:
        with pytest.raises(Clash) as refused:
            again()
        assert refused.value.code == "FEEDBACK_ALREADY_SUBMITTED"


def test_feedback_without_attendance_cannot_be_submitted() -> None:
    with pytest.raises(NotYet) as refused:
        booked().record_feedback(HAPPENED, MARK).submit(MARK)
    assert (refused.value.status, refused.value.code) == (422, "ATTENDANCE_NOT_RECORDED")
