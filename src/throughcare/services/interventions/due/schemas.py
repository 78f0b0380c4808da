"""What is due, on the wire."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.due.model import Task
from throughcare.services.interventions.overview.schemas import SummarisedPerson


class DueTask(Wire):
    """Something to do on a referral; ``due_on`` is None when it is due as soon as possible."""

    task: Task
    due_on: date | None
    session_number: int | None = Field(description="of the session that it is about; none for the supplier assessment")
    action_plan_id: UUID | None = Field(description="the plan in force")
    referral_id: UUID
    reference_number: str
    service_user: SummarisedPerson
    intervention_title: str
    assigned_to: AuthUser | None


class DueTasks(Wire):
    """Earliest deadline first. ``more`` says that there are more open referrals than were looked at."""

    content: list[DueTask]
    more: bool
