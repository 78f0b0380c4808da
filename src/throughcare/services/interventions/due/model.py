"""What a provider owes on a referral, and by when.

The clocks are those of the service's terms: a caseworker within 1 working day, the supplier assessment within 10, a
first action plan within 5 after it, feedback on the day, the end of service report within 5 after the end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.services.interventions.progress.model import Closing

ASSIGN_DAYS, ASSESS_DAYS, PLAN_DAYS, REPORT_DAYS, NEAR_DAYS = 1, 10, 5, 5, 10
MOST_REFERRALS = 500
ONE_DAY = timedelta(days=1)


@cache
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England and Wales from 2021 to 2028, as https://www.gov.uk/bank-holidays tells them."""
    text = files(__package__).joinpath("bank_holidays.csv").read_text(encoding="utf-8")
    return frozenset(date.fromisoformat(row["day"]) for row in csv.DictReader(text.splitlines()))


def is_working(day: date, holidays: frozenset[date]) -> bool:
    """Whether people work on that day: Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and day not in holidays


def working_days_after(start: date, days: int, holidays: frozenset[date]) -> date:
    """The working day that is so many working days after ``start``, which does not count itself."""
    return _moved(start, days, ONE_DAY, holidays)


def working_days_before(end: date, days: int, holidays: frozenset[date]) -> date:
    """The working day that is so many working days before ``end``, which does not count itself."""
    return _moved(end, days, -ONE_DAY, holidays)


def _moved(day: date, days: int, step: timedelta, holidays: frozenset[date]) -> date:
    while days > 0:
        day += step
        days -= is_working(day, holidays)
    return day


class Task(StrEnum):
    """What is due."""

    ASSIGN_CASEWORKER = "ASSIGN_CASEWORKER"
    HOLD_ASSESSMENT = "HOLD_ASSESSMENT"
    ADD_FEEDBACK = "ADD_FEEDBACK"
    SUBMIT_ACTION_PLAN = "SUBMIT_ACTION_PLAN"
    SCHEDULE_SESSION = "SCHEDULE_SESSION"
    SUBMIT_REPORT = "SUBMIT_REPORT"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True)
class Meeting:
    """An appointment that took place without feedback so far; ``session`` is None for the supplier assessment."""

    at: datetime
    session: int | None = None


@dataclass(frozen=True)
class Facts:
    """Everything that what is due follows from.

    ``unscheduled`` is the first session of the plan in force without an appointment. ``recorded`` counts sessions with
    final feedback, and ``last_recorded_at`` is when the newest was given.
    """

    sent_at: datetime
    assigned: bool
    closing: Closing
    completion_deadline: date | None = None
    assessed_at: datetime | None = None
    plan_submitted: bool = False
    plan_id: UUID | None = None
    planned: int | None = None
    started: bool = False
    recorded: int = 0
    last_recorded_at: datetime | None = None
    unscheduled: int | None = None
    without_feedback: Sequence[Meeting] = ()

    @property
    def ended_at(self) -> datetime | None:
        """When there was nothing more to deliver: the end was asked for, or the last session was recorded."""
        if self.closing.end_requested_at is not None:
            return self.closing.end_requested_at
        delivered = self.started and self.planned is not None and self.recorded == self.planned
        return self.last_recorded_at if delivered else None


@dataclass(frozen=True)
class Whose:
    """Whose work is asked for: of one referral; of a caseworker and of nobody; or, without either, of everybody."""

    caseworker: str | None = None
    referral: UUID | None = None


@dataclass(frozen=True)
class Due:
    """Something that is due by a day; None stands for as soon as possible."""

    task: Task
    by: date | None
    session: int | None = None


def due_of(facts: Facts, today: date, holidays: frozenset[date]) -> list[Due]:
    """What is due on an open referral."""
    return [*_feedback(facts), *(_report(facts, holidays) if facts.ended_at else _on_the_way(facts, today, holidays))]


def _feedback(facts: Facts) -> Iterator[Due]:
    for one in facts.without_feedback:
        yield Due(Task.ADD_FEEDBACK, _day(one.at), one.session)


def _on_the_way(facts: Facts, today: date, holidays: frozenset[date]) -> Iterator[Due]:
    sent = _day(facts.sent_at)
    if not facts.assigned:
        yield Due(Task.ASSIGN_CASEWORKER, working_days_after(sent, ASSIGN_DAYS, holidays))
    if facts.assessed_at is None:
        yield Due(Task.HOLD_ASSESSMENT, working_days_after(sent, ASSESS_DAYS, holidays))
    elif not facts.plan_submitted:
        yield Due(Task.SUBMIT_ACTION_PLAN, working_days_after(_day(facts.assessed_at), PLAN_DAYS, holidays))
    if facts.planned is not None and facts.unscheduled is not None:
        yield Due(Task.SCHEDULE_SESSION, None, facts.unscheduled)
    last = facts.completion_deadline
    if last is not None and today >= working_days_before(last, NEAR_DAYS, holidays):
        yield Due(Task.COMPLETE, last)


def _report(facts: Facts, holidays: frozenset[date]) -> Iterator[Due]:
    """Of a service that began: there is nothing to report otherwise."""
    if facts.started and facts.ended_at is not None and not facts.closing.report_submitted:
        yield Due(Task.SUBMIT_REPORT, working_days_after(_day(facts.ended_at), REPORT_DAYS, holidays))


def _day(moment: datetime) -> date:
    return london(moment).date()
