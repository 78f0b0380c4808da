"""End of service reports as they are written and submitted."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.ui.peers.referrals import Report


class Reports(Peer, service="interventions"):
    """The part of the interventions service in which reports are written. Every call may raise PeerRefused."""

    async def begin(self, referral_id: UUID, key: str) -> Report:
        """The report on a referral, begun if there was none."""
        body = {"referralId": str(referral_id)}
        begun: Report = await self.post("/draft-end-of-service-report", Report, json=body, idempotency_key=key)
        return begun

    async def report(self, report_id: UUID) -> Report:
        """One report."""
        return await self.get(f"/end-of-service-report/{report_id}", Report)

    async def record(self, report_id: UUID, outcome_id: UUID, level: str, progress: str, more: str) -> None:
        """Write how far an outcome was achieved, in place of what was written before."""
        outcome = {
            "desiredOutcomeId": str(outcome_id), "achievementLevel": level, "progressionComments": progress,
            "additionalTaskComments": more,
        }  # fmt: skip
        await self.patch(f"/draft-end-of-service-report/{report_id}", json={"outcome": outcome})

    async def inform(self, report_id: UUID, information: str) -> None:
        """Write further information; empty when there is none."""
        await self.patch(f"/draft-end-of-service-report/{report_id}", json={"furtherInformation": information})

    async def submit(self, report_id: UUID, key: str) -> None:
        """Submit the report, once for each ``key``."""
        await self.post(f"/draft-end-of-service-report/{report_id}/submit", idempotency_key=key)
