"""The log of movements and the one table of transitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.prison.movement.model import (
    OUTCOMES,
    TRANSITIONS,
    Action,
    CellNotValid,
    Custody,
    Movement,
    MovementRefused,
    MovementTimeNotValid,
    Status,
    UnknownAgency,
    UnknownImprisonmentStatus,
    UnknownMovementReason,
    check_court,
    check_imprisonment_status,
    check_origin,
    check_prison,
    check_reason,
    check_time,
    custody_after,
    last_admission,
    place_in,
    previous_prison,
)
from throughcare.services.prison.reference.model import check_all, movement_reasons

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
IN, OUT, TRN, COURT, ABSENT, NEW = "in", "out", "trn", "court", "absent", "new"


def movement(kind: str, direction: str, reason: str = "", sequence: int = 1) -> Movement:
    places = ("OUT", "LEI") if direction == "IN" else ("LEI", {"REL": "OUT", "TRN": "MDI"}.get(kind, "LEEDCC"))
    first = next(code for known, code in movement_reasons() if known == kind)
    return Movement(
        prisoner_number="A0001AA", sequence=sequence, booking_id=1, type=kind, reason=reason or first,
        direction=direction, from_agency=places[0], to_agency=places[1], occurred_at=NOON, recorded_at=NOON,
        recorded_by="SOMEBODY",
    )  # fmt: skip


WHERE = {
    NEW: custody_after(None),
    IN: custody_after(movement("ADM", "IN")),
    OUT: custody_after(movement("REL", "OUT", "CR")),
    TRN: custody_after(movement("TRN", "OUT")),
    COURT: custody_after(movement("CRT", "OUT")),
    ABSENT: custody_after(movement("TAP", "OUT")),
}
ALLOWED = {
    Action.ADMIT: {NEW, OUT},
    Action.RECALL: {OUT},
    Action.RELEASE: {IN},
    Action.TRANSFER_OUT: {IN},
    Action.TRANSFER_IN: {TRN},
    Action.COURT_OUT: {IN},
    Action.COURT_IN: {COURT},
    Action.COURT_IN_ELSEWHERE: {COURT},
    Action.ABSENCE_OUT: {IN},
    Action.ABSENCE_IN: {ABSENT},
    Action.ABSENCE_IN_ELSEWHERE: {ABSENT},
}


@pytest.mark.parametrize("place", WHERE)
@pytest.mark.parametrize("action", Action)
def test_every_action_is_allowed_from_where_the_table_says_and_from_nowhere_else(action: Action, place: str) -> None:
    transition, custody = TRANSITIONS[action], WHERE[place]
    if place in ALLOWED[action]:
        transition.check(custody)
    else:
        with pytest.raises(MovementRefused):
            transition.check(custody)


@pytest.mark.parametrize(
    ("place", "status", "agency"),
    [
        (NEW, None, None),
        (IN, Status.ACTIVE_IN, "LEI"),
        (OUT, Status.INACTIVE_OUT, "OUT"),
        (TRN, Status.INACTIVE_TRN, "TRN"),
        (COURT, Status.ACTIVE_OUT, "LEI"),
        (ABSENT, Status.ACTIVE_OUT, "LEI"),
    ],
)
def test_the_last_movement_says_where_somebody_is(place: str, status: Status | None, agency: str | None) -> None:
    assert (WHERE[place].status, WHERE[place].agency_id) == (status, agency)


def test_every_transition_leads_to_a_known_state() -> None:
    assert {(one.type, one.direction) for one in TRANSITIONS.values()} == set(OUTCOMES)


@pytest.mark.parametrize("reason", ["ESCP", "UAL", "UAL_ECL"])
def test_an_escapee_is_not_admitted_anew_but_recalled(reason: str) -> None:
    escaped = custody_after(movement("REL", "OUT", reason))
    with pytest.raises(MovementRefused) as refused:
        TRANSITIONS[Action.ADMIT].check(escaped)
    assert refused.value.code == "PRISONER_ESCAPED"
    TRANSITIONS[Action.RECALL].check(escaped)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (NEW, "Outside"),
        (IN, "Leeds (HMP)"),
        (OUT, "Outside - released from Leeds (HMP)"),
        (TRN, "Outside - Transfers"),
        (COURT, "Outside - Court"),
        (ABSENT, "Outside - Temporary Absence"),
    ],
)
def test_the_location_is_told_in_words(place: str, words: str) -> None:
    assert WHERE[place].location == words


def test_the_last_admission_may_be_from_another_prison_but_not_from_court() -> None:
    log = [movement("ADM", "IN", "I", 1), movement("ADM", "IN", "INT", 3), movement("CRT", "IN", "CRT", 4)]
    assert last_admission(log) is log[1]
    assert last_admission([]) is None


def test_the_previous_prison_is_the_last_other_one_of_an_active_booking() -> None:
    earlier = replace(movement("REL", "OUT", "CR", 1), booking_id=7, from_agency="BXI")
    left = replace(movement("TRN", "OUT", sequence=3), from_agency="MDI")
    court = replace(movement("CRT", "OUT", sequence=5), from_agency="LEI")
    here = replace(movement("ADM", "IN", "INT", 6), from_agency="LEEDCC")
    log = [earlier, movement("ADM", "IN", "I", 2), left, movement("ADM", "IN", "INT", 4), court]
    assert previous_prison(log) is left
    assert previous_prison([*log, here]) is left
    assert previous_prison([*log, replace(here, to_agency="MDI")]) is court
    assert previous_prison([earlier, here]) is None
    assert previous_prison([*log, movement("REL", "OUT", "CR", 6)]) is None
    assert previous_prison([]) is None


@given(st.timedeltas(timedelta(), timedelta(days=400)))
def test_a_movement_lies_between_the_last_one_and_now(since: timedelta) -> None:
    last, now = movement("ADM", "IN"), NOON + since
    check_time(NOON, now, last)
    check_time(now, now, last)
    with pytest.raises(MovementTimeNotValid):
        check_time(now + timedelta(seconds=1), now, last)
    with pytest.raises(MovementTimeNotValid):
        check_time(NOON - timedelta(seconds=1), now, last)


def test_codes_must_be_on_their_list_and_in_use() -> None:
    check_reason("REL", "CR", "reason")
    check_prison("LEI", "prison")
    check_court("LEEDCC", "court")
    for origin in ("OUT", "LEEDCC", "LEI"):
        check_origin(origin, "from")
    check_imprisonment_status("ADIMP_ORA", "status")
    for kind, reason in (("REL", "INT"), ("REL", "AR"), ("ADM", "")):
        with pytest.raises(UnknownMovementReason):
            check_reason(kind, reason, "reason")
    for agency in ("AKI", "OUT", "ABERCV", "XXX"):
        with pytest.raises(UnknownAgency):
            check_prison(agency, "prison")
    for agency in ("LEI", "OUT", "TRN", "XXX"):
        with pytest.raises(UnknownAgency):
            check_court(agency, "court")
    for agency in ("TRN", "XXX"):
        with pytest.raises(UnknownAgency):
            check_origin(agency, "from")
    for status in ("LIFE", "XXX"):
        with pytest.raises(UnknownImprisonmentStatus):
            check_imprisonment_status(status, "status")


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(UnknownAgency) as refused:
        check_all(
            lambda: check_prison("XXX", "prisonId"),
            lambda: check_reason("ADM", "I", "movementReasonCode"),
            lambda: check_imprisonment_status("XXX", "imprisonmentStatus"),
            lambda: place_in("LEI", "MDI-1", "RECP"),
        )
    assert [(one.field, one.code) for one in refused.value.errors] == [
        ("prisonId", "UNKNOWN_AGENCY"), ("imprisonmentStatus", "UNKNOWN_IMPRISONMENT_STATUS"),
        ("cellLocation", "CELL_NOT_VALID"),
    ]  # fmt: skip


def test_a_cell_lies_in_its_prison() -> None:
    assert place_in("LEI", "LEI-1-2-003", "RECP") == "1-2-003"
    assert place_in("LEI", None, "RECP") == "RECP"
    for cell in ("MDI-1-2-003", "LEI", "LEI-", "1-2-003"):
        with pytest.raises(CellNotValid):
            place_in("LEI", cell, "RECP")


def test_nobody_without_a_movement_is_active_or_escaped() -> None:
    assert not Custody().active
    assert not Custody().escaped
    assert Custody().in_out is None
