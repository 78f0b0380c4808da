"""Why somebody came or went: the rules in their order, each with what it needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.prisoner_search.index.model import (
    AlertChange,
    Circumstances,
    Custody,
    Received,
    Released,
    decide,
)

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
IN, COURT, ABSENT, MOVING, OUT = "ACTIVE IN", "ACTIVE OUT", "ACTIVE OUT", "INACTIVE TRN", "INACTIVE OUT"
STATUSES = sorted({IN, COURT, MOVING, OUT})


def custody(status: str, movement: str = "ADM", reason: str = "I", booking: int = 1, minutes: int = 0) -> Custody:
    """A state ``minutes`` before now."""
    return Custody(status, booking, movement, reason, NOW - timedelta(minutes=minutes))


def around(newest: int = 1, merged: int | None = None) -> Circumstances:
    """Circumstances; ``merged`` is how many minutes ago another number was merged in."""
    return Circumstances(newest, None if merged is None else NOW - timedelta(minutes=merged), NOW)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (custody(MOVING, "TRN"), custody(IN, "ADM", "INT"), Received.TRANSFERRED),
        (custody(COURT, "CRT"), custody(IN, "CRT", "CRT"), Received.RETURN_FROM_COURT),
        (custody(OUT, "REL"), custody(IN, booking=2), Received.NEW_ADMISSION),
        (custody(OUT, "REL"), custody(IN), Received.READMISSION),
        (custody(COURT, "CRT"), custody(IN, "ADM", "TRNCRT"), Received.TRANSFERRED),
        (custody(ABSENT, "TAP"), custody(IN, "TAP", "C5"), Received.TEMPORARY_ABSENCE_RETURN),
        (custody(ABSENT, "TAP"), custody(IN, "ADM", "TRNTAP"), Received.TRANSFERRED),
        (custody(IN), custody(MOVING, "TRN", "NOTR"), Released.TRANSFERRED),
        (custody(IN), custody(COURT, "CRT", "CRT"), Released.SENT_TO_COURT),
        (custody(IN), custody(ABSENT, "TAP", "C5"), Released.TEMPORARY_ABSENCE_RELEASE),
        (custody(IN), custody(OUT, "REL", "HP"), Released.RELEASED_TO_HOSPITAL),
        (custody(IN), custody(OUT, "REL", "CR"), Released.RELEASED),
        (custody(COURT, "CRT"), custody(OUT, "REL", "CR"), Released.RELEASED),
        (None, custody(IN), Received.NEW_ADMISSION),
        (custody(OUT, "REL"), custody(IN, "CRT"), Received.NEW_ADMISSION),
        (None, custody(OUT, "REL"), None),
        (custody(IN), custody(IN, "ADM", "I"), None),
        (custody(COURT, "CRT"), custody(ABSENT, "TAP"), None),
        (custody(MOVING, "TRN"), custody(OUT, "REL"), None),
        (custody(COURT, "CRT"), custody(IN, "ADM", "I"), None),
        (custody(OUT, "REL"), custody(OUT, "REL"), None),
    ],
)
def test_each_change_has_its_reason(before: Custody | None, after: Custody, reason: Received | Released | None) -> None:
    assert decide(before, after, around(newest=2 if after.booking_id == 2 else 1)) is reason


def test_an_admission_on_an_older_booking_than_the_newest_switches_bookings() -> None:
    released, admitted = custody(OUT, "REL", booking=2), custody(IN, booking=1)
    assert decide(released, admitted, around(newest=2)) is Received.READMISSION_SWITCH_BOOKING
    assert decide(released, admitted, around(newest=1)) is Received.NEW_ADMISSION
    assert decide(custody(IN, booking=2), admitted, around(newest=2)) is Received.NEW_ADMISSION


@pytest.mark.parametrize(
    ("after", "merged", "reason"),
    [
        (custody(IN, "ADM", booking=2, minutes=30), 20, Received.POST_MERGE_ADMISSION),
        (custody(IN, "TAP", booking=2, minutes=30), 20, Received.POST_MERGE_ADMISSION),
        (custody(COURT, "CRT", booking=2, minutes=30), 20, Received.POST_MERGE_ADMISSION),
        (custody(IN, "ADM", booking=2, minutes=200), 89, Received.POST_MERGE_ADMISSION),
        (custody(IN, "ADM", booking=2, minutes=200), 90, Received.NEW_ADMISSION),
        (custody(IN, "ADM", booking=2, minutes=20), 30, Received.NEW_ADMISSION),
        (custody(IN, "ADM", booking=2, minutes=30), None, Received.NEW_ADMISSION),
        (custody(IN, "ADM", booking=1, minutes=30), 20, Received.READMISSION),
    ],
)
def test_a_merge_since_the_last_movement_and_within_90_minutes_decides(
    after: Custody, merged: int | None, reason: Received
) -> None:
    assert decide(custody(OUT, "REL", minutes=300), after, around(newest=2, merged=merged)) is reason


STATES = st.builds(
    custody,
    st.sampled_from(STATUSES),
    st.sampled_from(["ADM", "REL", "TRN", "CRT", "TAP"]),
    st.sampled_from(["I", "INT", "TRNCRT", "TRNTAP", "HP", "CR"]),
    st.integers(1, 3),
)


@given(st.none() | STATES, STATES, st.integers(1, 3))
def test_nobody_comes_where_they_are_not_or_goes_while_they_stay(
    before: Custody | None, after: Custody, newest: int
) -> None:
    reason = decide(before, after, around(newest))
    if isinstance(reason, Received):
        assert after.in_out == "IN"
    if isinstance(reason, Released):
        assert after.in_out != "IN"
        assert before is not None
        assert before.active


def alerts(*codes: str, inactive: tuple[str, ...] = ()) -> dict[str, object]:
    """A document with alerts."""
    states = [(code, True) for code in codes] + [(code, False) for code in inactive]
    return {"alerts": [{"alertCode": code, "active": active} for code, active in states]}


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({}, alerts("XA", "HA"), (["HA", "XA"], [])),
        (alerts("XA"), alerts("HA"), (["HA"], ["XA"])),
        (alerts("XA"), alerts(inactive=("XA",)), ([], ["XA"])),
        (alerts("XA"), {}, ([], ["XA"])),
        (alerts("XA"), alerts("XA", "XA", inactive=("HA",)), None),
        ({}, alerts(inactive=("HA",)), None),
    ],
)
def test_alerts_change_by_code(
    before: dict[str, object], after: dict[str, object], change: tuple[list[str], list[str]] | None
) -> None:
    found = AlertChange.between(before, after)
    assert (found and (found.added, found.removed)) == change
