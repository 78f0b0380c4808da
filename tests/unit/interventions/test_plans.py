"""Versions of an action plan."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.interventions.made_up import NOW, made_id
from throughcare.services.interventions.action_plan.model import (
    ActionPlan,
    PlanStatus,
    check_number,
    in_force,
    newest,
    plan_status,
)
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.refusal.model import Invalid, Refused


def mark(minutes: int) -> Mark:
    return Mark(NOW + timedelta(minutes=minutes), made_id("sp"))


def plan(
    name: str, at: int, sessions: int | None = 2, *, submitted: bool = False, approved: int | None = None
) -> ActionPlan:
    return ActionPlan(
        made_id(name), made_id("r"), mark(at), sessions, (),
        mark(at) if submitted or approved is not None else None,
        None if approved is None else mark(approved),
    )  # fmt: skip


FIRST, SECOND = plan("first", 0, approved=10), plan("second", 5, approved=6)


def test_the_current_plan_is_the_newest_and_the_plan_in_force_the_one_approved_last() -> None:
    draft = plan("draft", 20)
    assert newest([FIRST, draft, SECOND]) is draft
    assert in_force([FIRST, draft, SECOND]) is FIRST
    assert (newest([]), in_force([draft])) == (None, None)


@pytest.mark.parametrize(
    ("one", "provider", "practitioner"),
    [
        (None, PlanStatus.NOT_SUBMITTED, PlanStatus.NOT_SUBMITTED),
        (plan("p", 0), PlanStatus.IN_DRAFT, PlanStatus.NOT_SUBMITTED),
        (plan("p", 0, submitted=True), PlanStatus.AWAITING_APPROVAL, PlanStatus.AWAITING_APPROVAL),
        (plan("p", 0, approved=1), PlanStatus.APPROVED, PlanStatus.APPROVED),
    ],
)
def test_only_the_provider_sees_that_there_is_a_draft(
    one: ActionPlan | None, provider: PlanStatus, practitioner: PlanStatus
) -> None:
    assert plan_status(one, for_provider=True) is provider
    assert plan_status(one, for_provider=False) is practitioner


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (None, []),
        (2, []),
        (1, ["CANNOT_BE_REDUCED"]),
        (0, ["CANNOT_BE_NEGATIVE_OR_ZERO", "CANNOT_BE_REDUCED"]),
    ],
)
def test_a_plan_has_sessions_and_no_fewer_than_the_plan_in_force(number: int | None, expected: list[str]) -> None:
    found: list[str] = []
    try:
        check_number(number, FIRST)
    except Invalid as refused:
        found = [one.code for one in refused.errors]
    assert found == expected


def test_a_plan_without_sessions_or_assessment_is_not_submitted() -> None:
    with pytest.raises(Invalid) as refused:
        plan("p", 0, None).submit(mark(1), assessment_completed=False)
    assert [(one.field, one.code) for one in refused.value.errors] == [
        ("numberOfSessions", "CANNOT_BE_EMPTY"),
        ("supplierAssessmentAppointment", "APPOINTMENT_MUST_BE_COMPLETED"),
    ]


@pytest.mark.parametrize(
    ("one", "others", "code"),
    [
        (FIRST, [], "PLAN_ALREADY_APPROVED"),
        (plan("p", 0), [], "PLAN_NOT_LATEST"),
        (plan("p", 0, submitted=True), [plan("later", 1, submitted=True)], "PLAN_NOT_LATEST"),
        (plan("p", 20, 1, submitted=True), [FIRST], "PLAN_FEWER_SESSIONS"),
    ],
)
def test_a_plan_that_cannot_be_approved(one: ActionPlan, others: list[ActionPlan], code: str) -> None:
    with pytest.raises(Refused) as refused:
        one.approve(mark(30), versions=[one, *others])
    assert refused.value.code == code


def test_a_submitted_plan_is_approved() -> None:
    one = plan("p", 20, 3, submitted=True)
    assert one.approve(mark(30), versions=[FIRST, one]).approved == mark(30)
