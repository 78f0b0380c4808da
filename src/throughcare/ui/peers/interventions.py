"""Referrals, as the home page shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class Person(Wire):
    """The person on probation."""

    crn: str
    first_name: str | None = None
    last_name: str | None = None


class User(Wire):
    """A user of the system."""

    username: str


class ReferralSummary(Wire):
    """One referral of a dashboard."""

    id: UUID
    reference_number: str
    sent_at: datetime
    service_user: Person
    intervention_title: str
    assigned_to: User | None = None


class Summaries(Wire):
    """A page of referrals."""

    content: list[ReferralSummary]
    total_elements: int


class Interventions(Peer, service="interventions"):
    """The interventions service."""

    async def open_referrals(self) -> Summaries:
        """The caller's open referrals, oldest first."""
        return await self.get(
            "/sent-referrals/summaries", Summaries, params={"completed": "false", "cancelled": "false", "size": 20}
        )
