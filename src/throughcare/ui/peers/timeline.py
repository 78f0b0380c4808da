"""What happened to a referral."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.messages import Message
from throughcare.ui.peers.referrals import User


class HappenedAppointment(Wire):
    """Which appointment it is about; those of the supplier assessment have neither session number nor plan."""

    appointment_time: datetime
    duration_in_minutes: int
    session_number: int | None = None
    action_plan_id: UUID | None = None


class HappenedChange(Wire):
    """What was changed; long values are cut."""

    topic: str
    description: str
    old_value: list[str] = []
    new_value: list[str] = []


class Happened(Wire):
    """One thing that happened. ``id`` is that of the record which tells it; ``by`` is None where nobody did it."""

    kind: str
    at: datetime
    id: UUID
    by: User | None = None
    text: str = ""
    reason: str = ""
    subject: str | None = None
    code: str | None = None
    assigned_to: User | None = None
    requested_by: str | None = None
    version: int | None = None
    appointment: HappenedAppointment | None = None
    change: HappenedChange | None = None
    message: Message | None = None


class Timelines(Peer, service="interventions"):
    """The part of the interventions service that knows what happened."""

    async def of_referral(self, referral_id: UUID) -> Sequence[Happened]:
        """Everything that happened to a referral, the newest first. Raises PeerRefused."""
        return await self.get(f"/sent-referral/{referral_id}/timeline", list[Happened])
