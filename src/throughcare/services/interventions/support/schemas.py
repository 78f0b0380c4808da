"""How a referral stands, on the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.web.schemas import Wire


class Standing(Wire):
    """A referral without the person: ``standing`` is OPEN, COMPLETED or CANCELLED, people are user names."""

    id: UUID
    reference_number: str
    crn: str
    intervention_title: str
    contract_reference: str
    service_provider: str
    standing: str
    sent_at: datetime
    sent_by: str
    assigned_to: str | None
    end_requested_at: datetime | None
    concluded_at: datetime | None
