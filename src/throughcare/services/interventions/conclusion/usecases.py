"""How a referral comes to its end. Part of the transaction of whatever ends it."""

from __future__ import annotations

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.conclusion.events import ReferralConcluded, ReferralEnded
from throughcare.services.interventions.page.model import Pages
from throughcare.services.interventions.progress.model import Delivery
from throughcare.services.interventions.referral.model import Referral, Withdrawal
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.summary.store import SummaryStore


async def conclude_if_due(
    uow: UnitOfWork, referral: Referral, delivery: Delivery, *, report_submitted: bool, pages: Pages
) -> Referral:
    """The referral, concluded if nothing is left to do; its end is announced, once more if it was over
    before.

    A referral is concluded once: a report that comes after a withdrawal leaves the time of conclusion as it
    is. Raises StaleVersion.
    """
    if referral.concluded_at is None and delivery.can_conclude(report_submitted=report_submitted):
        referral = await uow.store(ReferralStore).save(referral.concluded(uow.now))
        await uow.store(SummaryStore).refresh(referral.id)
        _announce_conclusion(uow, referral, delivery)
    if referral.concluded_at is not None or referral.withdrawal is not None:
        _announce_end(uow, referral, delivery, pages)
    return referral


async def withdraw(
    uow: UnitOfWork, referral: Referral, delivery: Delivery, withdrawal: Withdrawal, *, pages: Pages
) -> Referral:
    """The referral ended on request, at once and whatever was delivered. Raises Clash, StaleVersion."""
    ended = await uow.store(ReferralStore).save(referral.withdrawn(withdrawal))
    await uow.store(SummaryStore).refresh(referral.id)
    _announce_conclusion(uow, ended, delivery)
    _announce_end(uow, ended, delivery, pages)
    return ended


def _announce_conclusion(uow: UnitOfWork, referral: Referral, delivery: Delivery) -> None:
    uow.publish(
        ReferralConcluded(
            delivery_state=delivery.state.end_label, referral_id=referral.id,
            person=PersonReference.of(crn=referral.crn), detail_path=f"/sent-referral/{referral.id}",
            occurred_at=referral.concluded_at,
        )
    )  # fmt: skip


def _announce_end(uow: UnitOfWork, referral: Referral, delivery: Delivery, pages: Pages) -> None:
    requested = referral.withdrawal
    uow.publish(
        ReferralEnded(
            delivery_state=delivery.state.end_label, referral_id=referral.id, referral_urn=referral.urn,
            referral_probation_user_url=pages.practitioner(referral.id),
            withdrawal_code=(requested.code if requested else None) or "",
            person=PersonReference.of(crn=referral.crn), detail_path=f"/sent-referral/{referral.id}",
            occurred_at=referral.concluded_at or (requested.requested_at if requested else None),
        )
    )  # fmt: skip
