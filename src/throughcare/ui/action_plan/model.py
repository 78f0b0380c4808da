"""An action plan as pages show it: its addresses, its versions, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from uuid import UUID

from throughcare.ui.peers.delivery import ApprovedPlan, Assessment, Plan
from throughcare.ui.referral.model import Side


@dataclass(frozen=True)
class Version:
    """One version that both sides can read; ``approved_at`` is None while it awaits approval."""

    number: int
    id: UUID
    submitted_at: datetime
    approved_at: datetime | None


def versions_of(approved: Sequence[ApprovedPlan], newest: Plan | None) -> list[Version]:
    """Every version that was submitted, the newest first; ``newest`` is the plan that was begun last."""
    in_order = sorted(approved, key=lambda one: one.approved_at)
    found = [Version(number, one.id, one.submitted_at, one.approved_at) for number, one in enumerate(in_order, 1)]
    if newest is not None and newest.submitted_at is not None and newest.approved_at is None:
        found.append(Version(len(found) + 1, newest.id, newest.submitted_at, None))
    return found[::-1]


class Change(Enum):
    """What became of an activity since the version before: the word that marks it, and its colour."""

    SAME = ("", "")
    NEW = ("New", "green")
    CHANGED = ("Changed", "blue")
    REMOVED = ("Removed", "grey")


@dataclass(frozen=True)
class Line:
    """An activity, and what became of it; ``before`` is what it said when it changed."""

    text: str
    change: Change = Change.SAME
    before: str = ""


def lines_of(plan: Plan, before: Plan | None) -> list[Line]:
    """The activities of a plan, marked by what is different ``before``; those that are gone are among them."""
    new = [one.description for one in plan.activities]
    if before is None:
        return [Line(one) for one in new]
    return list(_compared([one.description for one in before.activities], new))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Line(one) for one in new[first:last])
            continue
        for was, now in zip_longest(old[start:end], new[first:last]):
            if now is None:
                yield Line(was, Change.REMOVED)
            else:
                yield Line(now, Change.NEW) if was is None else Line(now, Change.CHANGED, was)


def assessed(assessment: Assessment) -> bool:
    """Whether a plan may be submitted: there is feedback on an assessment to which the person came."""
    held = assessment.current
    if held is None:
        return False
    feedback = held.appointment_feedback
    return feedback.submitted and feedback.attendance_feedback.attended != "no"


def writing(plan_id: UUID, page: str) -> str:
    """The address of a page on which a plan is written."""
    return f"{reading(Side.PROVIDER, plan_id)}/{page}"


def next_activity(plan: Plan) -> str:
    """The address of the page for the activity after the last."""
    return writing(plan.id, f"add-activity/{len(plan.activities) + 1}")


def reading(side: Side, plan_id: UUID) -> str:
    """The address at which one side reads a version."""
    return f"/{side.value}/action-plan/{plan_id}"
