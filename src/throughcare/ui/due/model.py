"""What is due, in words, in groups, with the page on which it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from throughcare.ui.peers.due import DueTask
from throughcare.ui.referral.model import Side

MOST = 200
OVERDUE, TODAY, THIS_WEEK, LATER = "Overdue", "Today", "This week", "Later"
GROUPS = (OVERDUE, TODAY, THIS_WEEK, LATER)
SOFT = frozenset({"SCHEDULE_SESSION", "COMPLETE"})
"""What is not late against a clock of the service's terms."""


@dataclass(frozen=True)
class Line:
    """Something to do: what, on which page, and how its deadline is told."""

    task: DueTask
    text: str
    href: str
    late: bool

    @property
    def colour(self) -> str:
        """The colour of the tag of what is late."""
        return "yellow" if self.task.task in SOFT else "red"


def _of(one: DueTask, page: str) -> str:
    return Side.PROVIDER.of(one.referral_id, page)


def _feedback(one: DueTask) -> tuple[str, str]:
    if one.session_number is None:
        return "Add feedback on the supplier assessment", _of(
            one, "supplier-assessment/post-assessment-feedback/attendance"
        )
    plan = f"/service-provider/action-plan/{one.action_plan_id}"
    path = f"{plan}/appointment/{one.session_number}/post-session-feedback/attendance"
    return f"Add feedback on session {one.session_number}", path


def _schedule(one: DueTask) -> tuple[str, str]:
    path = f"/service-provider/action-plan/{one.action_plan_id}/sessions/{one.session_number}/edit/start"
    return f"Schedule session {one.session_number}", path


def _unknown(one: DueTask) -> tuple[str, str]:
    return "Look at the progress", _of(one, "progress")


WORDS: dict[str, Callable[[DueTask], tuple[str, str]]] = {
    "ASSIGN_CASEWORKER": lambda one: ("Assign a caseworker", _of(one, "details#caseworker")),
    "HOLD_ASSESSMENT": lambda one: ("Hold the supplier assessment", _of(one, "progress#assessment")),
    "ADD_FEEDBACK": _feedback,
    "SUBMIT_ACTION_PLAN": lambda one: ("Submit the action plan", _of(one, "progress#plan")),
    "SCHEDULE_SESSION": _schedule,
    "SUBMIT_REPORT": lambda one: ("Submit the end of service report", _of(one, "progress#report")),
    "COMPLETE": lambda one: ("Complete the intervention", _of(one, "progress")),
}
"""What each task is called, and where it is done."""


def group_of(due_on: date | None, today: date) -> str:
    """The group of a deadline; what is due as soon as possible is due today. A week ends on Sunday."""
    if due_on is None or due_on == today:
        return TODAY
    if due_on < today:
        return OVERDUE
    return THIS_WEEK if due_on <= today + timedelta(days=6 - today.weekday()) else LATER


def grouped(tasks: Sequence[DueTask], today: date) -> list[tuple[str, list[Line]]]:
    """The groups that have anything in them, each with its lines in the order of the tasks."""
    lines: dict[str, list[Line]] = {one: [] for one in GROUPS}
    for one in lines_of(tasks[:MOST], today):
        lines[group_of(one.task.due_on, today)].append(one)
    return [(name, found) for name, found in lines.items() if found]


def lines_of(tasks: Sequence[DueTask], today: date) -> list[Line]:
    """Tasks in words, each with the page on which it is done."""
    return [
        Line(one, *WORDS.get(one.task, _unknown)(one), late=group_of(one.due_on, today) == OVERDUE) for one in tasks
    ]
