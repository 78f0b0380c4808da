"""What is announced about who works on a referral. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent


class ReferralAssigned(
    DomainEvent, type="intervention.referral.assigned", key="referral_id", aggregate="referral",
    description="A caseworker was assigned to a referral",
):  # fmt: skip
    """``assigned_to`` is the caseworker's user name."""

    referral_id: UUID
    assigned_to: str
