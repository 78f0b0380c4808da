"""Referrals as people in support look them up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

STANDINGS = {"OPEN": ("Open", "blue"), "COMPLETED": ("Completed", "green"), "CANCELLED": ("Cancelled", "grey")}
END_TO_REPORT = ("Ended, its report is to be written", "yellow")


class Standing(Wire):
    """How a referral stands; people are user names."""

    id: UUID
    reference_number: str
    crn: str
    intervention_title: str
    contract_reference: str
    service_provider: str
    standing: str
    sent_at: datetime
    sent_by: str
    assigned_to: str | None = None
    end_requested_at: datetime | None = None
    concluded_at: datetime | None = None

    @property
    def words(self) -> tuple[str, str]:
        """The standing in words, and its colour. A referral that ended after a session stays open until its report."""
        if self.standing == "OPEN" and self.concluded_at is not None:
            return END_TO_REPORT
        return STANDINGS.get(self.standing, (self.standing, "grey"))


class SupportDesk(Peer, service="interventions"):
    """The part of the interventions service that is for support."""

    async def look_up(self, sought: str) -> list[Standing]:
        """The referrals with a reference number or a CRN."""
        return await self.get("/support/referrals", list[Standing], params={"q": sought})

    async def standing(self, referral_id: UUID) -> Standing:
        """One referral. Raises PeerRefused (404)."""
        return await self.get(f"/support/referrals/{referral_id}", Standing)
