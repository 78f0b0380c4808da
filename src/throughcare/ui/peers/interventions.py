"""Referrals, as the home page shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer, Query
from throughcare.kit.web.schemas import Wire


class Person(Wire):
    """The person on probation."""

    crn: str | None = None
    first_name: str | None = None
    last_name: str | None = None

    @property
    def name(self) -> str:
        """Forename and surname in title case, hyphens and apostrophes kept; ``Name not known`` without either."""
        return " ".join(filter(None, (self.first_name, self.last_name))).title() or "Name not known"


class User(Wire):
    """A user of the system."""

    username: str


class Provider(Wire):
    """A service provider."""

    name: str


class ReferralSummary(Wire):
    """One referral of a list."""

    id: UUID
    reference_number: str
    sent_at: datetime
    service_user: Person
    service_provider: Provider
    intervention_title: str
    assigned_to: User | None = None
    concluded_at: datetime | None = None


class Summaries(Wire):
    """A page of referrals."""

    content: list[ReferralSummary]
    total_elements: int


class Draft(Wire):
    """A referral that is being written."""

    id: UUID
    created_at: datetime
    service_user: Person
    service_provider: Provider
    contract_type_name: str


class Interventions(Peer, service="interventions"):
    """The interventions service."""

    async def open_referrals(self, size: int, *, unassigned: bool | None = None) -> Summaries:
        """The caller's open referrals, oldest first: all, or those without, or with, a caseworker."""
        assigned = None if unassigned is None else str(unassigned).lower()
        return await self._summaries(
            {"completed": "false", "cancelled": "false", "unassigned": assigned, "size": size, "sort": "sentAt,asc"}
        )

    async def ended_referrals(self, size: int) -> Summaries:
        """The caller's referrals that ended last, the newest end first, at most ``size``."""
        found = await self._summaries({"size": size, "sort": "concludedAt,desc"})
        ended = [one for one in found.content if one.concluded_at is not None]
        return Summaries(content=ended, total_elements=len(ended))

    async def drafts(self) -> list[Draft]:
        """The practitioner's referrals that were not sent yet, oldest first."""
        return await self.get("/draft-referrals", list[Draft])

    async def _summaries(self, params: Query) -> Summaries:
        return await self.get("/sent-referrals/summaries", Summaries, params=params)
