"""Risk information: what a practitioner wrote for the provider is kept there, not here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from throughcare.kit.http.peer import Peer, PeerRefused
from throughcare.kit.web.schemas import Wire


class KeptRisk(Wire):
    """Risk information that is kept for a referral."""

    supplementary_risk_id: UUID
    created_date: datetime


class RisksPeer(Peer, service="risks_and_needs"):
    """Assess risks and needs. Called with the practitioner's own token."""

    async def keep(self, risk: Mapping[str, object], created: datetime) -> UUID:
        """The id of the risk information: just kept, or kept before with the same date of creation.

        Raises PeerRefused, also when other information is kept for this referral; PeerUnavailable.
        """
        try:
            kept: KeptRisk = await self.post("/risks/supplementary", KeptRisk, json=risk)
        except PeerRefused as refused:
            existing = _existing(refused)
            if existing is None or existing.created_date.replace(tzinfo=None) != created:
                raise
            return existing.supplementary_risk_id
        return kept.supplementary_risk_id


def _existing(refused: PeerRefused) -> KeptRisk | None:
    if refused.peer_status != 409:
        return None
    try:
        return KeptRisk.model_validate(refused.body)
    except ValidationError:
        return None
