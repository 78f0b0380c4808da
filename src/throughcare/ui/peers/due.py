"""What is due on a provider's referrals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.referrals import SummarisedPerson, User


class DueTask(Wire):
    """Something to do; ``due_on`` is None when it is due as soon as possible."""

    task: str
    due_on: date | None = None
    session_number: int | None = None
    action_plan_id: UUID | None = None
    referral_id: UUID
    reference_number: str
    service_user: SummarisedPerson
    intervention_title: str
    assigned_to: User | None = None


class DueTasks(Wire):
    """The earliest first; ``more`` says that not every open referral was looked at."""

    content: list[DueTask]
    more: bool = False


class DueWork(Peer, service="interventions"):
    """The part of the interventions service that knows the clocks of referrals."""

    async def due(self, *, mine: bool) -> DueTasks:
        """What is due to the caller, or to everybody of their organisation. Raises PeerRefused, PeerUnavailable."""
        return await self.get("/sent-referrals/due", DueTasks, params={"mine": str(mine).lower()})

    async def due_on(self, referral_id: UUID) -> DueTasks:
        """What is due on one referral. Raises PeerRefused, PeerUnavailable."""
        return await self.get("/sent-referrals/due", DueTasks, params={"referralId": str(referral_id)})
