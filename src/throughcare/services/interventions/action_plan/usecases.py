"""What a provider and a practitioner do about action plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.action_plan.events import ActionPlanApproved, ActionPlanSubmitted
from throughcare.services.interventions.action_plan.model import ActionPlan, Activity, check_number, in_force
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.model import SYSTEM, Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.assessment.store import AssessmentStore
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.page.model import Pages
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import Clash
from throughcare.services.interventions.session.store import SessionStore
from throughcare.services.interventions.settings import pages


@dataclass(frozen=True)
class _Facts:
    """What every event about a plan says besides who did it."""

    catalogue: Catalogue
    pages: Pages

    @classmethod
    async def of(cls, ctx: Context) -> _Facts:
        return cls(await current_catalogue(ctx), pages(ctx))

    def of_plan(self, referral: Referral, plan: ActionPlan) -> dict[str, Any]:
        contract = referral.contract(self.catalogue)
        return {
            "action_plan_id": plan.id,
            "referral_id": referral.id,
            "referral_reference": referral.reference_number,
            "contract_type_name": contract.type.name,
            "prime_provider_name": contract.prime.name,
            "action_plan_probation_user_url": self.pages.practitioner(referral.id, "action-plan"),
            "person": PersonReference.of(crn=referral.crn),
            "detail_path": f"/action-plan/{plan.id}",
        }


async def create_plan(
    uow: UnitOfWork,
    referral_id: UUID,
    *,
    number_of_sessions: int | None,
    activities: Sequence[str],
    by: Actor,
) -> ActionPlan:
    """A new draft, which may be written before the assessment took place. Raises Invalid."""
    async with uow:
        store = uow.store(ActionPlanStore)
        check_number(number_of_sessions, in_force(await store.of_referral(referral_id)))
        await uow.store(ActorStore).note(by)
        made = tuple(Activity(new_id(), one, uow.now) for one in activities)
        plan = ActionPlan(new_id(), referral_id, Mark(uow.now, by.id), number_of_sessions, made)
        await store.add(plan)
    return plan


async def change_plan(
    uow: UnitOfWork, plan_id: UUID, *, number_of_sessions: int | None, activity: str | None
) -> ActionPlan:
    """The draft with another number of sessions, one more activity, or both.

    Raises Invalid, NotThere, StaleVersion.
    """
    async with uow:
        store = uow.store(ActionPlanStore)
        plan = await store.get(plan_id)
        added = None if activity is None else Activity(new_id(), activity, uow.now)
        changed = plan.changed(number_of_sessions, added)
        check_number(number_of_sessions, in_force(await store.of_referral(plan.referral_id)))
        return await store.save(changed)


async def describe_activity(uow: UnitOfWork, plan_id: UUID, activity_id: UUID, description: str) -> ActionPlan:
    """The draft with one activity described anew. Raises Clash, NotThere, StaleVersion."""
    async with uow:
        store = uow.store(ActionPlanStore)
        return await store.save((await store.get(plan_id)).with_activity(activity_id, description))


async def submit_plan(ctx: Context, plan_id: UUID, *, by: Actor) -> ActionPlan:
    """Submit a plan; the system approves it at once, which makes its sessions.

    Raises Clash, Invalid, NotThere, Refused, StaleVersion.
    """
    facts = await _Facts.of(ctx)
    async with ctx.uow as uow:
        store = uow.store(ActionPlanStore)
        draft = await store.get(plan_id)
        referral = await uow.store(ReferralStore).get(draft.referral_id, lock=True)
        await uow.store(ActorStore).note(by, SYSTEM)
        assessment = await uow.store(AssessmentStore).find_of_referral(referral.id)
        completed, mark = assessment is not None and assessment.completed, Mark(uow.now, by.id)
        submitted = await store.save(draft.submit(mark, assessment_completed=completed))
        uow.publish(
            ActionPlanSubmitted(submitted_by=by.username, occurred_at=mark.at, **facts.of_plan(referral, submitted))
        )
        return await _approve(uow, facts, referral, submitted, by=SYSTEM)


async def approve_plan(ctx: Context, plan_id: UUID, *, by: Actor) -> ActionPlan:
    """Approve a submitted plan by hand. Raises Clash, NotThere, Refused, StaleVersion."""
    facts = await _Facts.of(ctx)
    async with ctx.uow as uow:
        plan = await uow.store(ActionPlanStore).get(plan_id)
        referral = await uow.store(ReferralStore).get(plan.referral_id, lock=True)
        await uow.store(ActorStore).note(by)
        return await _approve(uow, facts, referral, plan, by=by)


async def _approve(uow: UnitOfWork, facts: _Facts, referral: Referral, plan: ActionPlan, *, by: Actor) -> ActionPlan:
    store, sessions, mark = uow.store(ActionPlanStore), uow.store(SessionStore), Mark(uow.now, by.id)
    approved = plan.approve(mark, versions=await store.of_referral(referral.id))
    existing = await sessions.numbers(referral.id)
    wanted = range(len(existing) + 1, (plan.number_of_sessions or 0) + 1)
    if not existing.isdisjoint(wanted):
        raise Clash("SESSION_ALREADY_EXISTS", "a session with one of the plan's numbers exists already")
    await sessions.add(referral.id, wanted)
    uow.publish(ActionPlanApproved(approved_by=by.username, occurred_at=mark.at, **facts.of_plan(referral, approved)))
    return await store.save(approved)
