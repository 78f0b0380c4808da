"""Working days, and what is due on a referral by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.interventions.due.model import (
    Due,
    Facts,
    Meeting,
    Task,
    bank_holidays,
    due_of,
    is_working,
    working_days_after,
    working_days_before,
)
from throughcare.services.interventions.progress.model import Closing

HOLIDAYS = bank_holidays()
PLAN = UUID(int=1)
SENT = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)  # a Monday
FRESH = Facts(sent_at=SENT, assigned=True, closing=Closing())
DELIVERED = replace(
    FRESH, assessed_at=datetime(2024, 3, 12, 10, 0, tzinfo=UTC), plan_submitted=True, plan_id=PLAN, planned=2,
)  # fmt: skip
TODAY = date(2024, 3, 20)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [("2024-03-04", 1, "2024-03-05"), ("2024-03-08", 1, "2024-03-11"), ("2024-03-09", 1, "2024-03-11"),
     ("2024-03-04", 10, "2024-03-18"), ("2024-03-28", 1, "2024-04-02"), ("2024-12-24", 2, "2024-12-30"),
     ("2026-12-24", 1, "2026-12-29"), ("2024-03-04", 0, "2024-03-04")],
)  # fmt: skip
def test_working_days_leave_out_weekends_and_bank_holidays(start: str, days: int, end: str) -> None:
    assert working_days_after(date.fromisoformat(start), days, HOLIDAYS) == date.fromisoformat(end)


@given(start=st.dates(date(2021, 1, 1), date(2028, 12, 1)), days=st.integers(1, 40))
def test_so_many_working_days_lie_between_there_and_here(start: date, days: int) -> None:
    end = working_days_after(start, days, HOLIDAYS)
    between = [start + timedelta(days=one + 1) for one in range((end - start).days)]
    assert sum(is_working(one, HOLIDAYS) for one in between) == days
    assert is_working(end, HOLIDAYS)
    back = working_days_before(end, days, HOLIDAYS)
    assert back <= max(start, working_days_before(start + timedelta(days=1), 1, HOLIDAYS))


def test_every_year_on_record_has_its_eight_holidays_on_weekdays() -> None:
    for year in range(2021, 2029):
        found = [one for one in HOLIDAYS if one.year == year]
        assert len(found) == 8 + {2022: 2, 2023: 1}.get(year, 0)
        assert all(one.weekday() < 5 for one in found)


def test_a_new_referral_needs_a_caseworker_the_next_day_and_an_assessment_within_ten() -> None:
    assert due_of(replace(FRESH, assigned=False), TODAY, HOLIDAYS) == [
        Due(Task.ASSIGN_CASEWORKER, date(2024, 3, 5)), Due(Task.HOLD_ASSESSMENT, date(2024, 3, 18)),
    ]  # fmt: skip
    late = replace(FRESH, sent_at=datetime(2024, 7, 1, 23, 30, tzinfo=UTC))  # half past midnight of the 2nd in London
    assert due_of(late, TODAY, HOLIDAYS) == [Due(Task.HOLD_ASSESSMENT, date(2024, 7, 16))]


def test_a_plan_is_due_within_five_days_of_the_assessment_until_one_is_submitted() -> None:
    assessed = replace(DELIVERED, plan_submitted=False, plan_id=None, planned=None)
    assert due_of(assessed, TODAY, HOLIDAYS) == [Due(Task.SUBMIT_ACTION_PLAN, date(2024, 3, 19))]
    assert due_of(DELIVERED, TODAY, HOLIDAYS) == []


def test_the_next_session_without_a_date_is_due_as_soon_as_possible() -> None:
    assert due_of(replace(DELIVERED, unscheduled=2), TODAY, HOLIDAYS) == [Due(Task.SCHEDULE_SESSION, None, 2)]


def test_feedback_is_due_on_the_day_of_each_meeting_also_after_the_end() -> None:
    met = [Meeting(datetime(2024, 3, 18, 10, 0, tzinfo=UTC)), Meeting(datetime(2024, 6, 3, 23, 15, tzinfo=UTC), 3)]
    expected = [Due(Task.ADD_FEEDBACK, date(2024, 3, 18)), Due(Task.ADD_FEEDBACK, date(2024, 6, 4), 3)]
    assert due_of(replace(DELIVERED, without_feedback=met), TODAY, HOLIDAYS) == expected
    ended = replace(DELIVERED, without_feedback=met, closing=Closing(end_requested_at=SENT))
    assert due_of(ended, TODAY, HOLIDAYS) == expected


@pytest.mark.parametrize(("today", "near"), [("2024-05-15", False), ("2024-05-16", True), ("2024-06-30", True)])
def test_the_completion_date_is_near_from_ten_working_days_before_it(today: str, near: bool) -> None:
    found = due_of(replace(DELIVERED, completion_deadline=date(2024, 5, 31)), date.fromisoformat(today), HOLIDAYS)
    assert found == ([Due(Task.COMPLETE, date(2024, 5, 31))] if near else [])


def test_a_report_is_due_within_five_days_of_the_end_of_what_began() -> None:
    last = datetime(2024, 3, 27, 10, 0, tzinfo=UTC)  # before Easter
    over = replace(DELIVERED, started=True, recorded=2, last_recorded_at=last)
    due = [Due(Task.SUBMIT_REPORT, date(2024, 4, 5))]
    assert due_of(over, TODAY, HOLIDAYS) == due
    withdrawn = replace(DELIVERED, started=True, recorded=1, unscheduled=2, closing=Closing(end_requested_at=last))
    assert due_of(withdrawn, TODAY, HOLIDAYS) == due
    submitted = replace(over, closing=Closing(has_report=True, report_submitted=True))
    assert due_of(submitted, TODAY, HOLIDAYS) == []
    assert due_of(replace(withdrawn, started=False), TODAY, HOLIDAYS) == []
