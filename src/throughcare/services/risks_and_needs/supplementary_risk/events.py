"""New supplementary risk."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent


class SupplementaryRiskCreated(
    DomainEvent,
    type="risk.supplementary.created",
    key="supplementary_risk_id",
    description="Supplementary risk was recorded for a referral",
):
    """A practitioner's account of risk was recorded."""

    supplementary_risk_id: UUID
    source: str
    source_id: str
