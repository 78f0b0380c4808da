"""Says who works on a referral."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.assignment.events import ReferralAssigned
from throughcare.services.interventions.referral.model import Assignment, Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.summary.store import SummaryStore


async def assign_referral(uow: UnitOfWork, referral_id: UUID, *, to: Actor, by: Actor) -> Referral:
    """The referral with ``to`` working on it; also after conclusion, since a report may be due.

    Raises NotThere.
    """
    async with uow:
        store = uow.store(ReferralStore)
        referral = await store.get(referral_id, lock=True)
        await uow.store(ActorStore).note(to, by)
        assigned = Assignment(to.id, by.id, uow.now)
        await store.assign(referral.id, assigned)
        await uow.store(SummaryStore).refresh(referral.id)
        uow.publish(
            ReferralAssigned(
                referral_id=referral.id, assigned_to=to.username, person=PersonReference.of(crn=referral.crn),
                detail_path=f"/sent-referral/{referral.id}", occurred_at=assigned.assigned_at,
            )
        )  # fmt: skip
        return await store.get(referral_id)
