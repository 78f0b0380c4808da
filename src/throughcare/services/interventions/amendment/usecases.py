"""Changes sent referrals."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.action_plan.model import in_force
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.amendment.events import ReferralAmended
from throughcare.services.interventions.amendment.model import Amended, Command, Known, check_open
from throughcare.services.interventions.amendment.store import AmendmentStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.changelog.model import Entry
from throughcare.services.interventions.changelog.store import ChangelogStore
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.summary.store import SummaryStore


async def amend_referral(ctx: Context, referral_id: UUID, command: Command, *, by: Actor) -> tuple[Amended, Mark]:
    """What the referral is after the command, and when and by whom that was; every change goes on record.

    Raises Clash (REFERRAL_CONCLUDED), Refused, Invalid, NotThere, StaleVersion.
    """
    catalogue = await current_catalogue(ctx)
    async with ctx.uow as uow:
        mark = Mark(uow.now, by.id)
        before = await uow.store(ReferralStore).get(referral_id, lock=True)
        check_open(before)
        plans = await uow.store(ActionPlanStore).of_referral(referral_id)
        amended = command.apply(before, Known(catalogue, in_force(plans) is not None, uow.now))
        if not amended.changes and amended.details_reason is None:
            return amended, mark
        await uow.store(ActorStore).note(by)
        await uow.store(AmendmentStore).save(before, amended, mark)
        await uow.store(SummaryStore).refresh(referral_id)
        entries = [Entry(new_id(), referral_id, change, mark) for change in amended.changes]
        await uow.store(ChangelogStore).add(*entries)
        for one in entries:
            if one.change.told and before.assignment is not None:
                person = PersonReference.of(crn=before.crn)
                uow.publish(ReferralAmended(referral_id=referral_id, changelog_id=one.id, person=person))
    return amended, mark
