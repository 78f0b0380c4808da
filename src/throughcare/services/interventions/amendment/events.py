"""What is announced about amendments, to this service alone. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent
from throughcare.services.interventions.assessment.events import OWN_TOPIC


class ReferralAmended(
    DomainEvent, type="interventions.referral.amended", key="referral_id", aggregate="referral", topic=OWN_TOPIC,
    description="Part of a sent referral was changed",
):  # fmt: skip
    """For this service's own messages: no outside body is told of amendments."""

    referral_id: UUID
    changelog_id: UUID
