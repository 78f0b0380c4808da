"""Reads what the state of a referral follows from."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.db.database import Queries
from throughcare.services.interventions.action_plan.model import in_force
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.progress.model import Delivery
from throughcare.services.interventions.session.store import SessionStore


async def read_delivery(queries: Queries, referral_id: UUID) -> Delivery:
    """What was planned for a referral and what happened."""
    plan = in_force(await ActionPlanStore(queries.connection).of_referral(referral_id))
    sessions = await SessionStore(queries.connection).of_referral(referral_id)
    planned = None if plan is None else plan.number_of_sessions or 0
    return Delivery(planned, [one.appointments for one in sessions])
