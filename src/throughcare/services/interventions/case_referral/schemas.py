"""A person's referrals as the service that shows them beside the case wants them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.web.schemas import Wire


class ProbationCaseReferral(Wire):
    """A sent referral. People are given by first and last name; ``serviceProviderUser`` works on it now."""

    id: UUID
    reference_number: str
    service_categories: list[str]
    contract_type: str
    referral_created_at: datetime
    referral_sent_at: datetime
    referral_concluded_at: datetime | None
    intervention_title: str
    referring_officer: str
    responsible_officer: str
    service_provider_user: str | None
    service_provider_location: str
    service_provider_name: str
    is_draft: bool = False
