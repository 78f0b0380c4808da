"""What is announced when a referral is sent. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent


class ReferralSent(
    DomainEvent, type="intervention.referral.sent", key="referral_id", aggregate="referral",
    description="A referral was sent to a service provider",
):  # fmt: skip
    """The provider has a new referral."""

    referral_id: UUID
