"""What is announced when a referral ends. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from throughcare.kit.messaging.envelope import DomainEvent


class ReferralConcluded(
    DomainEvent, type="intervention.referral.concluded", key="referral_id", aggregate="referral",
    description="No further work is due on a referral",
):  # fmt: skip
    """``delivery_state`` is CANCELLED, PREMATURELY_ENDED or COMPLETED."""

    delivery_state: str
    referral_id: UUID


class ReferralEnded(
    DomainEvent, type="intervention.referral.ended", key="referral_id", aggregate="referral",
    description="A referral ended; it may be announced again when a report is added",
):  # fmt: skip
    """``withdrawal_code`` is empty unless it was withdrawn; ``delivery_state`` as for conclusion."""

    delivery_state: str
    referral_id: UUID
    referral_urn: str = Field(alias="referralURN")
    referral_probation_user_url: str = Field(alias="referralProbationUserURL")
    withdrawal_code: str
