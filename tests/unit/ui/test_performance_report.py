"""Which days a performance report can be about."""

from __future__ import annotations

from datetime import date

import pytest

from throughcare.ui.performance_report.model import ORDER, TOO_LONG, months_later, periods, problems


@pytest.mark.parametrize(
    ("today", "month", "quarter"),
    [
        (date(2024, 3, 4), (date(2024, 2, 1), date(2024, 2, 29)), (date(2023, 10, 1), date(2023, 12, 31))),
        (date(2024, 1, 1), (date(2023, 12, 1), date(2023, 12, 31)), (date(2023, 10, 1), date(2023, 12, 31))),
        (date(2024, 7, 31), (date(2024, 6, 1), date(2024, 6, 30)), (date(2024, 4, 1), date(2024, 6, 30))),
    ],
)
def test_the_periods_that_ended_last(today: date, month: tuple[date, date], quarter: tuple[date, date]) -> None:
    last_month, last_quarter = periods(today)
    assert (last_month.first, last_month.last) == month
    assert (last_quarter.first, last_quarter.last) == quarter


def test_the_periods_are_called_by_their_months() -> None:
    texts = [one.text for one in periods(date(2024, 3, 4))]
    assert texts == ["Last month (February 2024)", "Last quarter (October to December 2023)"]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2024, 1, 1), date(2024, 1, 1), ""),
        (date(2024, 1, 2), date(2024, 1, 1), ORDER),
        (date(2023, 8, 31), date(2024, 2, 29), ""),
        (date(2023, 8, 31), date(2024, 3, 1), TOO_LONG),
    ],
)
def test_days_are_in_order_and_within_six_months(first: date, last: date, text: str) -> None:
    assert {said for _, said in problems(first, last)} == ({text} if text else set())


def test_months_later_is_the_last_day_of_a_shorter_month() -> None:
    assert months_later(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert months_later(date(2024, 1, 31), -2) == date(2023, 11, 30)
