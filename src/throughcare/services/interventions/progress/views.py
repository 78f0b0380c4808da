"""Reads what the state of a referral follows from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from throughcare.kit.db.database import Queries
from throughcare.services.interventions.action_plan.model import ActionPlan, in_force
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.progress.model import Delivery


async def read_delivery(queries: Queries, referral_id: UUID) -> Delivery:
    """What was planned for a referral and what happened."""
    return await delivered(queries, referral_id, await ActionPlanStore(queries.connection).outlines(referral_id))


async def delivered(queries: Queries, referral_id: UUID, plans: Sequence[ActionPlan]) -> Delivery:
    """What happened under these plans, all those of a referral."""
    plan = in_force(plans)
    sessions: dict[UUID | None, list[Appointment]] = defaultdict(list)
    for one in await AppointmentStore(queries.connection).of_delivery(referral_id):
        sessions[one.delivery_session_id].append(one)
    return Delivery(None if plan is None else plan.number_of_sessions or 0, list(sessions.values()))
