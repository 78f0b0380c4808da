"""Action plans as they are written and submitted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.ui.peers.delivery import Plan


class Plans(Peer, service="interventions"):
    """The part of the interventions service in which plans are written. Every call may raise PeerRefused."""

    async def begin(
        self, referral_id: UUID, key: str, *, activities: Sequence[str] = (), sessions: int | None = None
    ) -> Plan:
        """A new draft for a referral, with what it begins with; the same one again for the same ``key``."""
        body = {
            "referralId": str(referral_id), "numberOfSessions": sessions,
            "activities": [{"description": one} for one in activities],
        }  # fmt: skip
        begun: Plan = await self.post("/draft-action-plan", Plan, json=body, idempotency_key=key)
        return begun

    async def add_activity(self, plan_id: UUID, description: str, key: str) -> None:
        """Add one activity to a draft, once for each ``key``."""
        added = {"newActivity": {"description": description}}
        await self.patch(f"/draft-action-plan/{plan_id}", json=added, idempotency_key=key)

    async def describe(self, plan_id: UUID, activity_id: UUID, description: str) -> None:
        """Describe an activity of a draft anew."""
        await self.patch(f"/action-plan/{plan_id}/activities/{activity_id}", json={"description": description})

    async def set_sessions(self, plan_id: UUID, number: int) -> None:
        """Say how many sessions a draft has."""
        await self.patch(f"/draft-action-plan/{plan_id}", json={"numberOfSessions": number})

    async def submit(self, plan_id: UUID, key: str) -> None:
        """Submit a plan, which approves it; once for each ``key``."""
        await self.post(f"/draft-action-plan/{plan_id}/submit", idempotency_key=key)

    async def approve(self, plan_id: UUID, key: str) -> None:
        """Approve a plan that was submitted before plans were approved at once; once for each ``key``."""
        await self.post(f"/action-plan/{plan_id}/approve", idempotency_key=key)
