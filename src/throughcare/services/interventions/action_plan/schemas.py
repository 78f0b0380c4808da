"""Action plans on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.action_plan import model
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.appointment.schemas import Actors

Sessions = Annotated[int, Field(ge=-(2**31), le=1000)]


class DescribeActivity(Wire):
    """What is to be done."""

    description: str


class CreateActionPlan(Wire):
    """A new plan for a referral."""

    referral_id: UUID
    number_of_sessions: Sessions | None = None
    activities: list[DescribeActivity] = Field(default_factory=list)


class ChangeActionPlan(Wire):
    """Another number of sessions, one more activity, or both."""

    number_of_sessions: Sessions | None = None
    new_activity: DescribeActivity | None = None


class Activity(Wire):
    """One thing that the provider will do."""

    id: UUID
    description: str
    created_at: datetime


class ActionPlan(Wire):
    """One version of a plan."""

    id: UUID
    referral_id: UUID
    number_of_sessions: int | None
    activities: list[Activity]
    created_by: AuthUser
    created_at: datetime
    submitted_by: AuthUser | None
    submitted_at: datetime | None
    approved_by: AuthUser | None
    approved_at: datetime | None

    @classmethod
    def of(cls, plan: model.ActionPlan, actors: Actors) -> Self:
        """The plan as callers know it."""
        return cls(
            id=plan.id,
            referral_id=plan.referral_id,
            number_of_sessions=plan.number_of_sessions,
            activities=[Activity.model_validate(one) for one in plan.activities],
            created_by=AuthUser.of(actors[plan.created.by]),
            created_at=plan.created.at,
            submitted_by=AuthUser.find(actors, plan.submitted.by if plan.submitted else None),
            submitted_at=plan.submitted.at if plan.submitted else None,
            approved_by=AuthUser.find(actors, plan.approved.by if plan.approved else None),
            approved_at=plan.approved.at if plan.approved else None,
        )


class ApprovedActionPlan(Wire):
    """When a plan was submitted and approved."""

    id: UUID
    submitted_at: datetime
    approved_at: datetime
