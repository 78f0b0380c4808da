"""The risk that was written for a referral, as the provider may read it."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.drafts import DraftRisk


class Redacted(Wire):
    """The texts of an assessment as the practitioner edited them."""

    risk_who: str | None = None
    risk_when: str | None = None
    risk_nature: str | None = None
    concerns_self_harm: str | None = None
    concerns_suicide: str | None = None
    concerns_hostel: str | None = None
    concerns_vulnerability: str | None = None


class SupplementaryRisk(Wire):
    """What was written for one referral; ``redacted_risk`` is None on records from before assessments were copied."""

    risk_summary_comments: str | None = None
    redacted_risk: Redacted | None = None

    def as_written(self) -> DraftRisk:
        """The texts by the names that they have in a draft."""
        one = self.redacted_risk or Redacted()
        return DraftRisk(
            risk_summary_who_is_at_risk=one.risk_who, risk_summary_nature_of_risk=one.risk_nature,
            risk_summary_risk_imminence=one.risk_when, risk_to_self_self_harm=one.concerns_self_harm,
            risk_to_self_suicide=one.concerns_suicide, risk_to_self_hostel_setting=one.concerns_hostel,
            risk_to_self_vulnerability=one.concerns_vulnerability, additional_information=self.risk_summary_comments,
        )  # fmt: skip


class SupplementaryRisks(Peer, service="risks_and_needs", timeout=5.0):
    """The part of the risk service that keeps what was written for referrals."""

    async def risk(self, risk_id: UUID) -> DraftRisk | None:
        """The texts; None when there are none. Raises PeerRefused (403), PeerUnavailable."""
        found = await self.get(f"/risks/supplementary/{risk_id}", SupplementaryRisk, missing=None)
        return found.as_written() if found else None
