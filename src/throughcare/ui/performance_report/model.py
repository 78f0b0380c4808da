"""Which days a performance report can be about, how far a report is, and the periods that people ask for most."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, MOST_MONTHS = date(2021, 6, 1), 6
TOO_EARLY, TOO_LATE = "Data before 1 June 2021 is not available", "Data after today is not available"
ORDER, TOO_LONG = "From date must be the same as or before to date", "Dates must be within 6 months"
STATES = {
    "WAITING": ("Requested", "grey"), "RUNNING": ("Being written", "blue"), "READY": ("Ready", "green"),
    "FAILED": ("Failed", "red"),
}  # fmt: skip
"""How far a report is: its name on the page, and the colour of its tag."""


@dataclass(frozen=True)
class Period:
    """Days that are often asked for: how links call the period, what people call it, and its first and last day."""

    key: str
    text: str
    first: date
    last: date


def periods(today: date) -> Sequence[Period]:
    """The calendar month and the quarter that ended last."""
    this_month = today.replace(day=1)
    this_quarter = this_month.replace(month=(today.month - 1) // 3 * 3 + 1)
    before = this_month - timedelta(days=1)
    ended = this_quarter - timedelta(days=1)
    return (
        Period("last-month", f"Last month ({before:%B %Y})", before.replace(day=1), before),
        Period("last-quarter", f"Last quarter ({months_later(ended, -2):%B} to {ended:%B %Y})",
               months_later(ended, -2).replace(day=1), ended),
    )  # fmt: skip


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def problems(first: date, last: date) -> Sequence[tuple[str, str]]:
    """What is wrong with days that are right each for itself: the field, and the text."""
    if first > last:
        return [("from_date", ORDER), ("to_date", ORDER)]
    if last > months_later(first, MOST_MONTHS):
        return [("from_date", TOO_LONG), ("to_date", TOO_LONG)]
    return []
