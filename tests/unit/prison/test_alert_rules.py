"""When an alert is active, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from throughcare.services.prison.alert.model import (
    Alert,
    AlertCodeNotUsable,
    AlertDatesNotValid,
    Stamp,
    check_dates,
    usable_code,
)

TODAY = date(2024, 3, 4)
BY = Stamp(datetime(2024, 3, 4, 12, tzinfo=UTC), "OFFICER", "An Officer")
LATER = Stamp(BY.at + timedelta(days=30), "OTHER", "Another Officer")


def alert(active_from: date = TODAY, active_to: date | None = None) -> Alert:
    return Alert(
        id=UUID(int=1), prisoner_number="A0001AA", code="XA", description="x", authorised_by=None,
        active_from=active_from, active_to=active_to, prison_id="LEI", created=BY,
    ).announced(BY, TODAY)  # fmt: skip


@pytest.mark.parametrize(
    ("active_from", "active_to", "active", "ended"),
    [
        (TODAY, None, True, False),
        (TODAY, TODAY + timedelta(days=1), True, False),
        (TODAY, TODAY, False, True),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False, True),
        (TODAY + timedelta(days=1), None, False, False),
    ],
)
def test_an_alert_is_active_from_its_first_day_until_the_day_before_its_last(
    active_from: date, active_to: date | None, active: bool, ended: bool
) -> None:
    one = alert(active_from, active_to)
    assert (one.active_on(TODAY), one.ended_on(TODAY)) == (active, ended)


def test_the_day_on_which_it_was_made_inactive_is_kept_until_it_is_active_again() -> None:
    ended = alert(active_to=TODAY)
    assert ended.made_inactive == BY
    assert ended.announced(LATER, TODAY).made_inactive == BY
    again = ended.revised(description="x", authorised_by=None, active_from=None, active_to=None, by=LATER, today=TODAY)
    assert again.made_inactive is None
    assert again.active_to_set == LATER


def test_a_revision_without_a_beginning_keeps_it() -> None:
    revised = alert().revised(
        description="y", authorised_by="B", active_from=None, active_to=None, by=LATER, today=TODAY
    )
    assert revised.active_from == TODAY
    assert not revised.same_content(alert())


def test_an_alert_cannot_end_before_it_begins() -> None:
    check_dates(TODAY, TODAY)
    with pytest.raises(AlertDatesNotValid):
        check_dates(TODAY, TODAY - timedelta(days=1))
    with pytest.raises(AlertDatesNotValid):
        alert().revised(
            description=None, authorised_by=None, active_from=None, active_to=TODAY - timedelta(days=1),
            by=BY, today=TODAY,
        )  # fmt: skip


def test_a_code_must_be_in_use_unless_that_is_waived() -> None:
    assert usable_code("XA", allow_inactive=False).alert_type == "X"
    assert usable_code("C1", allow_inactive=True).active is False
    for code, waived in (("C1", False), ("NONE", True)):
        with pytest.raises(AlertCodeNotUsable):
            usable_code(code, allow_inactive=waived)
