"""Action plans: written by the provider, approved and read by both sides."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE, PRACTITIONER, PROVIDER, READERS
from throughcare.services.interventions.access.usecases import allow_action_plan, allow_referral
from throughcare.services.interventions.action_plan import model, usecases
from throughcare.services.interventions.action_plan.schemas import (
    ActionPlan,
    ApprovedActionPlan,
    ChangeActionPlan,
    CreateActionPlan,
    DescribeActivity,
)
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.refusal.model import AccessRefused, Clash, Invalid, NotThere, Refused

router = Router(tag="Action plans")

ERRORS = [AccessRefused, NotThere, Invalid]


@router.post("/draft-action-plan", status=201, roles=GATE, errors=ERRORS)
async def create_plan(body: CreateActionPlan, ctx: Ctx, response: Response) -> ActionPlan:
    """Begin a plan."""
    entry = await allow_referral(ctx, body.referral_id, PROVIDER)
    plan = await usecases.create_plan(
        ctx.uow, body.referral_id, number_of_sessions=body.number_of_sessions,
        activities=[one.description for one in body.activities], by=entry.actor,
    )  # fmt: skip
    response.headers["Location"] = f"/action-plan/{plan.id}"
    return await _shown(ctx, plan)


@router.patch("/draft-action-plan/{plan_id}", roles=GATE, errors=ERRORS)
async def change_plan(plan_id: UUID, body: ChangeActionPlan, ctx: Ctx) -> ActionPlan:
    """Set the number of sessions, add one activity, or both."""
    await allow_action_plan(ctx, plan_id, PROVIDER)
    activity = body.new_activity.description if body.new_activity else None
    plan = await usecases.change_plan(ctx.uow, plan_id, number_of_sessions=body.number_of_sessions, activity=activity)
    return await _shown(ctx, plan)


@router.patch("/action-plan/{plan_id}/activities/{activity_id}", roles=GATE, errors=[*ERRORS, Clash])
async def describe_activity(plan_id: UUID, activity_id: UUID, body: DescribeActivity, ctx: Ctx) -> ActionPlan:
    """Describe one activity of a draft anew."""
    await allow_action_plan(ctx, plan_id, PROVIDER)
    return await _shown(ctx, await usecases.describe_activity(ctx.uow, plan_id, activity_id, body.description))


@router.post("/draft-action-plan/{plan_id}/submit", status=201, roles=GATE, errors=[*ERRORS, Clash, Refused])
async def submit_plan(plan_id: UUID, ctx: Ctx, response: Response) -> ActionPlan:
    """Submit a plan, which approves it at once."""
    entry = await allow_action_plan(ctx, plan_id, PROVIDER)
    plan = await usecases.submit_plan(ctx, plan_id, by=entry.actor)
    response.headers["Location"] = f"/action-plan/{plan.id}"
    return await _shown(ctx, plan)


@router.get("/action-plan/{plan_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_plan(plan_id: UUID, ctx: Ctx) -> ActionPlan:
    """One version of a plan."""
    await allow_action_plan(ctx, plan_id, READERS)
    async with ctx.reading(ActionPlanStore) as store:
        plan = await store.get(plan_id)
    return await _shown(ctx, plan)


@router.post("/action-plan/{plan_id}/approve", roles=GATE, errors=[*ERRORS, Clash, Refused])
async def approve_plan(plan_id: UUID, ctx: Ctx) -> ActionPlan:
    """Approve a submitted plan by hand."""
    entry = await allow_action_plan(ctx, plan_id, PRACTITIONER)
    return await _shown(ctx, await usecases.approve_plan(ctx, plan_id, by=entry.actor))


@router.get("/sent-referral/{referral_id}/approved-action-plans", roles=GATE, errors=[AccessRefused, NotThere])
async def list_approved_plans(referral_id: UUID, ctx: Ctx) -> list[ApprovedActionPlan]:
    """When each approved plan of a referral was submitted and approved, oldest first."""
    await allow_referral(ctx, referral_id, PEOPLE)
    async with ctx.reading(ActionPlanStore) as store:
        plans = await store.of_referral(referral_id)
    return [
        ApprovedActionPlan(id=one.id, submitted_at=one.submitted.at, approved_at=one.approved.at)
        for one in plans
        if one.submitted is not None and one.approved is not None
    ]


async def _shown(ctx: Context, plan: model.ActionPlan) -> ActionPlan:
    people = [mark.by for mark in (plan.created, plan.submitted, plan.approved) if mark is not None]
    async with ctx.reading(ActionPlanStore) as store:
        return ActionPlan.of(plan, await named(store, people))
