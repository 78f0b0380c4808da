"""What feedback means for the case record, and what a booking asks of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.probation.appointment.model import (
    AppointmentInPast,
    AppointmentSpansDays,
    Attended,
    Booking,
    Feedback,
    NoSessionReason,
    OutcomeUnclear,
)
from throughcare.services.probation.contact.model import CRS, Contact, Kind, Outcome

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
SOME_ID = UUID(int=1)


def booking(
    start: datetime = NOON, minutes: int = 60, feedback: Feedback | None = None, asked: str | None = None
) -> Booking:
    return Booking(SOME_ID, SOME_ID, start, timedelta(minutes=minutes), True, feedback=feedback,
                   reschedule_requested_by=asked)  # fmt: skip


def contact(minutes: int | None = 60) -> Contact:
    end = None if minutes is None else NOON + timedelta(minutes=minutes)
    return Contact(1, str(Kind.APPOINTMENT), NOON, CRS, end_time=end, rar_activity=True)


FEEDBACK = st.builds(
    Feedback, st.sampled_from(Attended), st.sampled_from([None, True, False]),
    st.none() | st.sampled_from(NoSessionReason), st.booleans(),
)  # fmt: skip


@given(FEEDBACK)
def test_every_feedback_has_an_outcome_or_does_not_say_why_there_was_no_session(feedback: Feedback) -> None:
    unclear = not feedback.session_happened and feedback.attended is not Attended.NO and not feedback.no_session_reason
    if unclear:
        with pytest.raises(OutcomeUnclear):
            _ = feedback.outcome
    else:
        assert feedback.outcome in Outcome


@given(FEEDBACK)
def test_only_a_session_counts_and_only_compliance_earns_hours(feedback: Feedback) -> None:
    try:
        given_outcome = feedback.apply(contact())
    except OutcomeUnclear:
        return
    assert given_outcome.rar_activity is feedback.session_happened
    assert (given_outcome.hours_credited is not None) == (feedback.outcome is Outcome.COMPLIED)


@pytest.mark.parametrize(
    ("minutes", "hours"), [(60, "1.00"), (50, "0.83"), (25, "0.42"), (1, "0.02"), (0, None), (None, None)]
)
def test_hours_are_rounded_to_hundredths(minutes: int | None, hours: str | None) -> None:
    assert contact(minutes).with_outcome(Outcome.COMPLIED).hours_credited == (Decimal(hours) if hours else None)


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [(None, "RSSR"), ("Service provider", "RSSR"), (" SERVICE PROVIDER ", "RSSR"), ("Person on probation", "RSOF")],
)
def test_who_asked_for_another_time_decides_the_outcome_of_the_old_one(asked: str | None, outcome: str) -> None:
    assert booking(asked=asked).rescheduled == outcome
    assert booking(asked=asked).replaced(contact()).outcome_code == outcome


def test_what_has_an_outcome_keeps_it_when_it_is_replaced() -> None:
    held = contact().with_outcome(Outcome.COMPLIED)
    assert booking().replaced(held).outcome_code == Outcome.COMPLIED


@pytest.mark.parametrize(
    ("start", "minutes", "fits"),
    [
        (datetime(2024, 3, 4, 22, 59, tzinfo=UTC), 60, True),
        (datetime(2024, 3, 4, 23, tzinfo=UTC), 60, False),
        (datetime(2024, 7, 1, 22, tzinfo=UTC), 60, False),
        (datetime(2024, 7, 1, 23, tzinfo=UTC), 60, True),
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), 120, True),
    ],
)
def test_an_appointment_ends_on_the_day_in_london_on_which_it_starts(start: datetime, minutes: int, fits: bool) -> None:
    one = booking(start, minutes)
    if fits:
        one.check()
    else:
        with pytest.raises(AppointmentSpansDays):
            one.check()


def test_what_is_over_needs_an_outcome() -> None:
    with pytest.raises(AppointmentInPast):
        booking().check_start(NOON + timedelta(seconds=1))
    booking().check_start(NOON)
    booking(feedback=Feedback(Attended.NO)).check_start(NOON + timedelta(days=1))


@given(st.lists(st.sampled_from(["Sent", "Moved", "Held"]), max_size=6))
def test_notes_hold_each_text_once_in_the_order_of_its_coming(texts: list[str]) -> None:
    one = contact()
    for text in texts:
        one = one.with_notes(text)
    assert (one.notes or "").split("\n\n") == (list(dict.fromkeys(texts)) or [""])
