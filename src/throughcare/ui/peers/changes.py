"""What was changed about a referral since it was sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.referrals import User


class Change(Wire):
    """A change on record; some kinds of changes have no reason."""

    changelog_id: UUID
    referral_id: UUID
    topic: str
    description: str
    at: datetime
    changed_by: User
    reason_for_change: str = ""


class ChangedValues(Change):
    """A change with what stood there before and after."""

    old_value: list[str] = []
    new_value: list[str] = []


class Changes(Peer, service="interventions"):
    """The part of the interventions service that keeps the change log. Every call may raise PeerRefused."""

    async def of_referral(self, referral_id: UUID) -> list[Change]:
        """Every change of a referral, the newest first."""
        return await self.get(f"/sent-referral/{referral_id}/change-log", list[Change])

    async def change(self, change_id: UUID) -> ChangedValues:
        """One change."""
        return await self.get(f"/sent-referral/change-log/{change_id}", ChangedValues)
