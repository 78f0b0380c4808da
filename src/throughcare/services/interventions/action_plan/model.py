"""An action plan: what the provider will do, in how many sessions. A referral may have several versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.refusal.model import Clash, NotThere, Problem, Refused, check


class PlanStatus(StrEnum):
    """What both sides' screens say of a referral's plan."""

    NOT_SUBMITTED = "not submitted"
    IN_DRAFT = "in draft"
    AWAITING_APPROVAL = "awaiting approval"
    APPROVED = "approved"


@dataclass(frozen=True)
class Activity:
    """One thing that the provider will do."""

    id: UUID
    description: str
    created_at: datetime


@dataclass(frozen=True)
class ActionPlan:
    """One version of a plan. Once submitted it does not change. ``version`` counts its changes."""

    id: UUID
    referral_id: UUID
    created: Mark
    number_of_sessions: int | None = None
    activities: tuple[Activity, ...] = ()
    submitted: Mark | None = None
    approved: Mark | None = None
    version: int = 1

    def changed(self, number_of_sessions: int | None, activity: Activity | None) -> ActionPlan:
        """The draft with another number of sessions, one more activity, or both.

        Raises NotThere when submitted.
        """
        self._check_draft()
        number = self.number_of_sessions if number_of_sessions is None else number_of_sessions
        more = () if activity is None else (activity,)
        return replace(self, number_of_sessions=number, activities=(*self.activities, *more))

    def with_activity(self, activity_id: UUID, description: str) -> ActionPlan:
        """The draft with one activity described anew. Raises Clash when submitted, NotThere."""
        if self.submitted is not None:
            raise Clash("PLAN_ALREADY_SUBMITTED", "this plan was submitted; write a new version to change it")
        if all(one.id != activity_id for one in self.activities):
            raise no_plan()
        rewritten = (replace(one, description=description) if one.id == activity_id else one for one in self.activities)
        return replace(self, activities=tuple(rewritten))

    def submit(self, mark: Mark, *, assessment_completed: bool) -> ActionPlan:
        """The plan as submitted. Raises Invalid, and NotThere when it was submitted before."""
        self._check_draft()
        problems = []
        if self.number_of_sessions is None:
            problems.append(Problem("numberOfSessions", "CANNOT_BE_EMPTY"))
        if not assessment_completed:
            problems.append(Problem("supplierAssessmentAppointment", "APPOINTMENT_MUST_BE_COMPLETED"))
        check(problems)
        return replace(self, submitted=mark)

    def approve(self, mark: Mark, *, versions: Sequence[ActionPlan]) -> ActionPlan:
        """The plan as approved; ``versions`` are all plans of the referral, this one as it is now.

        Raises Refused.
        """
        if self.approved is not None:
            raise Refused("PLAN_ALREADY_APPROVED", "this plan has been approved already")
        latest = newest_submitted(versions)
        if latest is None or latest.id != self.id:
            raise Refused("PLAN_NOT_LATEST", "only the latest submitted plan can be approved")
        held = in_force(versions)
        if held is not None and (self.number_of_sessions or 0) < (held.number_of_sessions or 0):
            raise Refused("PLAN_FEWER_SESSIONS", "this plan has fewer sessions than the plan in force")
        return replace(self, approved=mark)

    def _check_draft(self) -> None:
        if self.submitted is not None:
            raise no_plan()


def check_number(number_of_sessions: int | None, plan_in_force: ActionPlan | None) -> None:
    """Raises Invalid when the number is not more than zero, or less than that of the plan in force."""
    if number_of_sessions is None:
        return
    problems = []
    if number_of_sessions <= 0:
        problems.append(Problem("numberOfSessions", "CANNOT_BE_NEGATIVE_OR_ZERO"))
    if plan_in_force is not None and number_of_sessions < (plan_in_force.number_of_sessions or 0):
        problems.append(Problem("numberOfSessions", "CANNOT_BE_REDUCED"))
    check(problems)


def newest(plans: Sequence[ActionPlan]) -> ActionPlan | None:
    """The current plan: the one created last. Ids rise with time and decide between equal times."""
    return max(plans, key=lambda one: (one.created.at, one.id), default=None)


def newest_submitted(plans: Sequence[ActionPlan]) -> ActionPlan | None:
    """The newest plan that was submitted and not yet approved."""
    return newest([one for one in plans if one.submitted is not None and one.approved is None])


def in_force(plans: Sequence[ActionPlan]) -> ActionPlan | None:
    """The approved plan that counts: the one approved last."""
    approved = [(one.approved.at, one.id, one) for one in plans if one.approved is not None]
    return max(approved, key=lambda found: found[:2])[2] if approved else None


def plan_status(plan: ActionPlan | None, *, for_provider: bool) -> PlanStatus:
    """What to say of a referral whose current plan this is; only the provider sees that there is a draft."""
    if plan is None:
        return PlanStatus.NOT_SUBMITTED
    if plan.approved is not None:
        return PlanStatus.APPROVED
    if plan.submitted is not None:
        return PlanStatus.AWAITING_APPROVAL
    return PlanStatus.IN_DRAFT if for_provider else PlanStatus.NOT_SUBMITTED


def no_plan() -> NotThere:
    """The refusal of a plan, or an activity, that is not there or can no longer be changed."""
    return NotThere("ACTION_PLAN_NOT_FOUND", "there is no such action plan to change")
