"""Concludes referrals whose end was asked for when that did not yet conclude them.

A withdrawal concludes a referral at once now. Older ones waited for a report; where none is called for, since no
session was ever attended, nothing was left to happen that would have concluded them.
"""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.services.interventions.conclusion.usecases import conclude_if_due
from throughcare.services.interventions.page.model import Pages
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.report.store import ReportStore


async def conclude_left_open(uow: UnitOfWork, referral_id: UUID, pages: Pages) -> bool:
    """Whether the referral was concluded; one with a report, or for which one is called for, stays open."""
    async with uow:
        store = uow.store(ReferralStore)
        referral = await store.get(referral_id, lock=True)
        delivery = await read_delivery(store, referral_id)
        written = await uow.store(ReportStore).find_of_referral(referral_id)
        if (
            referral.concluded_at is not None
            or written is not None
            or not delivery.can_conclude(report_submitted=False)
        ):
            return False
        await conclude_if_due(uow, referral, delivery, report_submitted=False, pages=pages)
    return True
