"""What follows from the facts of a referral, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from throughcare.services.interventions.appointment.model import (
    Appointment,
    Attendance,
    Booking,
    Mark,
    Status,
    current,
    status,
)
from throughcare.services.interventions.progress.model import (
    Closing,
    Delivery,
    DeliveryState,
    WithdrawalState,
)

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
MARK = Mark(NOW, uuid4())


def appointment(
    attended: str | None = None, happened: bool | None = None, *, final: bool = True,
    superseded: bool = False, stale: bool = False, hours: int = -1, ordinal: int = 1,
) -> Appointment:  # fmt: skip
    return Appointment(
        uuid4(), uuid4(), ordinal, Booking(NOW + timedelta(hours=hours), 60, "PHONE_CALL"), MARK,
        attendance=Attendance(attended, happened), attendance_submitted=MARK if attended else None,
        feedback_submitted=MARK if attended and final else None,
        superseded_by=uuid4() if superseded else None, stale=stale,
    )  # fmt: skip


ATTENDED, MISSED, OPEN = appointment("YES", True), appointment("NO", False), appointment()


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (None, Status.NOT_SCHEDULED),
        (appointment(superseded=True), Status.RESCHEDULED),
        (appointment("YES", True), Status.COMPLETED),
        (appointment("NO", False), Status.DID_NOT_ATTEND),
        (appointment("YES", False), Status.DID_NOT_HAPPEN),
        (appointment("NO", None), Status.DID_NOT_ATTEND),
        (appointment("YES", None), Status.COMPLETED),
        (appointment("LATE", None), Status.COMPLETED),
        (appointment("YES", True, final=False), Status.AWAITING_FEEDBACK),
        (appointment(), Status.AWAITING_FEEDBACK),
        (appointment(hours=1), Status.SCHEDULED),
        (appointment("NO", False, superseded=True), Status.DID_NOT_ATTEND),
    ],
)
def test_the_status_of_a_session_follows_from_its_current_appointment(
    one: Appointment | None, expected: Status
) -> None:
    assert status(one, NOW) is expected


@pytest.mark.parametrize(
    ("one", "attended", "not_attended", "completed", "live"),
    [
        (appointment("YES", True), True, False, True, True),
        (appointment("LATE", None), True, False, True, True),
        (appointment("LATE", True), True, False, False, True),
        (appointment("YES", False), True, False, False, True),
        (appointment("NO", False), False, True, False, True),
        (appointment("NO", None), False, True, False, True),
        (appointment("YES", True, final=False), False, False, True, True),
        (appointment("YES", True, superseded=True), True, False, True, False),
        (appointment("YES", True, stale=True), True, False, True, False),
        (appointment(), False, False, False, True),
    ],
)
def test_what_is_said_of_an_appointment(
    one: Appointment, attended: bool, not_attended: bool, completed: bool, live: bool
) -> None:
    assert (one.attended, one.not_attended, one.completed, one.live) == (attended, not_attended, completed, live)


def test_the_current_appointment_is_the_one_booked_last_even_when_the_clock_stands_still() -> None:
    first, last = appointment(ordinal=1), appointment(ordinal=2)
    assert current([last, first]) is last
    assert current([]) is None


@pytest.mark.parametrize(
    ("planned", "sessions", "state"),
    [
        (None, [[]], DeliveryState.NOT_DELIVERING_YET),
        (None, [[ATTENDED]], DeliveryState.NOT_DELIVERING_YET),
        (2, [[], []], DeliveryState.MISSING_FIRST_SUBSTANTIVE_APPOINTMENT),
        (2, [[MISSED], [MISSED]], DeliveryState.MISSING_FIRST_SUBSTANTIVE_APPOINTMENT),
        (2, [[appointment("YES", True, stale=True)], []], DeliveryState.MISSING_FIRST_SUBSTANTIVE_APPOINTMENT),
        (2, [[appointment("YES", True, final=False)], []], DeliveryState.MISSING_FIRST_SUBSTANTIVE_APPOINTMENT),
        (2, [[ATTENDED], []], DeliveryState.IN_PROGRESS),
        (2, [[appointment("YES", False, superseded=True)], []], DeliveryState.IN_PROGRESS),
        (2, [[ATTENDED], [MISSED]], DeliveryState.COMPLETED),
        (2, [[ATTENDED], [ATTENDED]], DeliveryState.COMPLETED),
        (2, [[ATTENDED, MISSED], []], DeliveryState.IN_PROGRESS),
        (2, [[ATTENDED], [appointment("YES", True, superseded=True)]], DeliveryState.IN_PROGRESS),
    ],
)
def test_the_delivery_state_counts_distinct_sessions(
    planned: int | None, sessions: list[list[Appointment]], state: DeliveryState
) -> None:
    assert Delivery(planned, sessions).state is state


@pytest.mark.parametrize(
    ("state", "needs_report", "in_progress", "label"),
    [
        (DeliveryState.NOT_DELIVERING_YET, False, True, "CANCELLED"),
        (DeliveryState.MISSING_FIRST_SUBSTANTIVE_APPOINTMENT, False, True, "CANCELLED"),
        (DeliveryState.COMPLETED, True, False, "COMPLETED"),
        (DeliveryState.IN_PROGRESS, True, True, "PREMATURELY_ENDED"),
    ],
)
def test_what_each_delivery_state_means(
    state: DeliveryState, needs_report: bool, in_progress: bool, label: str
) -> None:
    assert (state.needs_report, state.in_progress, state.end_label) == (needs_report, in_progress, label)


@pytest.mark.parametrize(
    ("attended", "missed", "without", "not_ended", "after_end_requested"),
    [
        (0, 0, 1, False, False),
        (0, 1, 0, False, False),
        (0, 1, 1, False, False),
        (1, 0, 1, False, True),
        (1, 1, 0, True, True),
        (2, 0, 0, True, True),
    ],
)
def test_when_an_end_of_service_report_is_due(
    attended: int, missed: int, without: int, not_ended: bool, after_end_requested: bool
) -> None:
    sessions = [[ATTENDED]] * attended + [[MISSED]] * missed + [[OPEN]] * without
    delivery = Delivery(attended + missed + without, sessions)
    assert delivery.report_due(has_report=False, end_requested=False) is not_ended
    assert delivery.report_due(has_report=False, end_requested=True) is after_end_requested
    assert delivery.report_due(has_report=True, end_requested=True) is False


@pytest.mark.parametrize(
    ("sessions", "report_submitted", "expected"),
    [
        ([[]], False, True),
        ([[MISSED]], False, True),
        ([[ATTENDED]], False, False),
        ([[ATTENDED]], True, True),
    ],
)
def test_a_referral_can_conclude_once_no_report_is_owed(
    sessions: list[list[Appointment]], report_submitted: bool, expected: bool
) -> None:
    assert Delivery(1, sessions).can_conclude(report_submitted=report_submitted) is expected


@pytest.mark.parametrize(
    ("sessions", "report_due", "expected"),
    [
        ([[OPEN], [MISSED]], False, WithdrawalState.PRE_ICA_WITHDRAWAL),
        ([[appointment("YES", True, superseded=True)]], False, WithdrawalState.PRE_ICA_WITHDRAWAL),
        ([[ATTENDED], [OPEN]], True, WithdrawalState.POST_ICA_WITHDRAWAL),
        ([[ATTENDED], [OPEN]], False, WithdrawalState.POST_ICA_CLOSE_REFERRAL_EARLY),
        ([[ATTENDED], [ATTENDED]], True, WithdrawalState.POST_ICA_CLOSE_REFERRAL_EARLY),
    ],
)
def test_what_kind_of_withdrawal_it_would_be(
    sessions: list[list[Appointment]], report_due: bool, expected: WithdrawalState
) -> None:
    assert Delivery(2, sessions).withdrawal(report_due=report_due) is expected


@pytest.mark.parametrize(
    ("sessions", "code", "expected"),
    [
        ([[OPEN]], "EAR", WithdrawalState.PRE_ICA_WITHDRAWAL),
        ([[ATTENDED]], "EAR", WithdrawalState.POST_ICA_CLOSE_REFERRAL_EARLY),
        ([[ATTENDED]], "MOV", WithdrawalState.POST_ICA_WITHDRAWAL),
    ],
)
def test_what_kind_of_withdrawal_a_reason_makes(
    sessions: list[list[Appointment]], code: str, expected: WithdrawalState
) -> None:
    assert Delivery(1, sessions).withdrawal_made(code) is expected


@pytest.mark.parametrize(
    ("sessions", "stage"),
    [
        ([[OPEN]], "PRE_ICA"),
        ([[MISSED]], "PRE_ICA"),
        ([[appointment("YES", False)]], "POST_ICA"),
        ([[appointment("YES", True, superseded=True)]], "POST_ICA"),
        ([[appointment("YES", True, stale=True)]], "PRE_ICA"),
    ],
)
def test_the_stage_changes_with_the_first_session_attended(sessions: list[list[Appointment]], stage: str) -> None:
    assert Delivery(1, sessions).stage == stage


@pytest.mark.parametrize(
    ("closing", "end_state", "completed", "cancelled"),
    [
        (Closing(), None, False, False),
        (Closing(concluded_at=NOW, has_report=True, report_submitted=True), "completed", True, False),
        (Closing(concluded_at=NOW, end_requested_at=NOW), "cancelled", False, True),
        (Closing(concluded_at=NOW, end_requested_at=NOW, has_report=True), "ended", False, True),
        (Closing(NOW, NOW, has_report=True, report_submitted=True), "ended", True, False),
        (Closing(end_requested_at=NOW), None, False, False),
    ],
)
def test_how_an_ended_referral_is_listed_and_reported(
    closing: Closing, end_state: str | None, completed: bool, cancelled: bool
) -> None:
    assert closing.end_state == end_state
    assert (closing.completed, closing.cancelled("PRE_ICA")) == (completed, cancelled)
    assert closing.open("PRE_ICA") is not (completed or cancelled)


def test_a_referral_that_ended_mid_delivery_stays_open_until_its_report_is_written() -> None:
    assert Closing(NOW, NOW).open("POST_ICA")
    assert not Closing(NOW, NOW, has_report=True, report_submitted=True).open("POST_ICA")


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (Closing(), "LIVE"),
        (Closing(concluded_at=NOW), "LIVE"),
        (Closing(concluded_at=NOW, has_report=True), "COMPLETED"),
        (Closing(NOW, NOW, withdrawal_code="MOV", withdrawal_comments="gone"), "WITHDRAWN"),
        (Closing(NOW, NOW, withdrawal_code="MOV"), "LIVE"),
    ],
)
def test_what_the_service_access_door_says(closing: Closing, expected: str) -> None:
    assert closing.service_access_status == expected


def test_feedback_that_came_after_a_moment_was_not_known_then() -> None:
    later = replace(ATTENDED, feedback_submitted=Mark(NOW + timedelta(minutes=1), MARK.by))
    delivery = Delivery(2, [[ATTENDED], [later]])
    assert (delivery.attended, delivery.as_of(NOW).attended) == (2, 1)
    assert Delivery(1, [[later]]).withdrawal_made("MOV") is WithdrawalState.POST_ICA_WITHDRAWAL
    assert Delivery(1, [[later]]).as_of(NOW).withdrawal_made("MOV") is WithdrawalState.PRE_ICA_WITHDRAWAL
