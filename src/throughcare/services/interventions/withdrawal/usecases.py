"""Ends a referral on a practitioner's request."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.conclusion.usecases import withdraw
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.model import Referral, Withdrawal
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import Refused
from throughcare.services.interventions.settings import pages


async def withdraw_referral(ctx: Context, referral_id: UUID, *, code: str, comments: str | None, by: Actor) -> Referral:
    """The referral, concluded whatever was delivered. Raises Clash, NotThere, Refused, StaleVersion."""
    if code not in (await current_catalogue(ctx)).withdrawal_reasons:
        raise Refused("WITHDRAWAL_CODE_UNKNOWN", "there is no such reason for withdrawal")
    async with ctx.uow as uow:
        store = uow.store(ReferralStore)
        referral = await store.get(referral_id, lock=True)
        await uow.store(ActorStore).note(by)
        delivery = await read_delivery(store, referral_id)
        withdrawal = Withdrawal(uow.now, by.id, code, comments)
        return await withdraw(uow, referral, delivery, withdrawal, pages=pages(ctx))
