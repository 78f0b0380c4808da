"""What is marked as different between two versions of an action plan."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from throughcare.kit.ids import new_id
from throughcare.ui.action_plan.model import Change, Line, lines_of
from throughcare.ui.peers.delivery import Activity, Plan
from throughcare.ui.peers.referrals import User

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
SOMEBODY = User(username="A.CASEWORKER", user_id="1", auth_source="auth")


def plan(*activities: str) -> Plan:
    made = [Activity(id=new_id(), description=one, created_at=NOW) for one in activities]
    return Plan(id=new_id(), referral_id=new_id(), activities=made, created_by=SOMEBODY, created_at=NOW)


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (["a", "b"], ["a", "b"], [Line("a"), Line("b")]),
        (["a"], ["a", "b"], [Line("a"), Line("b", Change.NEW)]),
        (["a", "b"], ["b"], [Line("a", Change.REMOVED), Line("b")]),
        (["a", "b"], ["A", "b"], [Line("A", Change.CHANGED, "a"), Line("b")]),
        (["a"], ["A", "b"], [Line("A", Change.CHANGED, "a"), Line("b", Change.NEW)]),
        ([], ["a"], [Line("a", Change.NEW)]),
    ],
)
def test_activities_are_marked_by_what_became_of_them(before: list[str], after: list[str], lines: list[Line]) -> None:
    assert lines_of(plan(*after), plan(*before)) == lines


def test_nothing_is_marked_in_a_first_version() -> None:
    assert lines_of(plan("a"), None) == [Line("a")]
