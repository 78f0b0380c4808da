"""What can be referred to: interventions, and what is chosen in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer, Query
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.kept import kept


class Coded(Wire):
    """Something with an id and a name."""

    id: str
    name: str


class PoliceArea(Coded):
    """A police area, and the probation region that it lies in."""

    nps_region: Coded


class Provider(Wire):
    """A service provider."""

    id: str | None = None
    name: str


class ContractType(Wire):
    """What kind of service a contract is for."""

    code: str
    name: str


class Eligibility(Wire):
    """Whom a service is for."""

    minimum_age: int
    maximum_age: int | None = None
    allows_female: bool
    allows_male: bool


class Outcome(Wire):
    """A desired outcome."""

    id: UUID
    description: str


class Level(Wire):
    """A complexity level."""

    id: UUID
    title: str
    description: str


class Category(Wire):
    """A service category with what can be chosen in it."""

    id: UUID
    name: str
    complexity_levels: list[Level] = []
    desired_outcomes: list[Outcome] = []


class Commissioned(Wire):
    """A service as whoever answers for it sees it: its contract, its provider, and where it is told of referrals."""

    title: str
    nps_region: Coded | None = None
    pcc_regions: list[Coded] = []
    service_provider: Provider
    contract_type: ContractType
    referral_end_at: datetime | None = None
    incoming_referral_distribution_email: str | None = None


class Listed(Commissioned):
    """A service in a list: its categories are only named, since much could be said of each."""

    id: UUID
    description: str
    service_categories: list[Coded] = []
    eligibility: Eligibility


class Intervention(Commissioned):
    """A service that people can be referred to."""

    id: UUID
    description: str
    service_categories: list[Category] = []
    eligibility: Eligibility
    contract_reference: str | None = None


class Reason(Wire):
    """Why a referral ends before its time; ``grouping`` is problem, user, sentence, early or other."""

    code: str
    description: str
    grouping: str


class Catalogue(Peer, service="interventions"):
    """The part of the interventions service that offers services."""

    async def find(self, params: Query) -> list[Listed]:
        """The services that fit, by the finder's filters."""
        return await self.get("/interventions", list[Listed], params=params)

    async def categories(self, found: Sequence[Listed] | None = None) -> Sequence[Coded]:
        """Every category that a service covers which takes referrals, by name; ``found`` are all these services."""
        return await kept("categories", lambda: self._categories(found))

    async def _categories(self, found: Sequence[Listed] | None) -> Sequence[Coded]:
        services = await self.find({}) if found is None else found
        every = {one.id: one for service in services for one in service.service_categories}
        return sorted(every.values(), key=lambda one: one.name)

    async def intervention(self, intervention_id: UUID, *, open_only: bool = False) -> Intervention:
        """One service. Raises PeerRefused: 404, and with ``open_only`` 410 when it takes no referrals now."""
        params = {"checkEndDate": "true"} if open_only else None
        return await self.get(f"/intervention/{intervention_id}", Intervention, params=params)

    async def mine(self) -> list[Commissioned]:
        """The services that the caller answers for."""
        return await self.get("/my-interventions", list[Commissioned])

    async def regions(self) -> Sequence[PoliceArea]:
        """Every police area, by name."""
        return await kept("police areas", lambda: self.get("/pcc-regions", list[PoliceArea]))

    async def withdrawal_reasons(self) -> list[Reason]:
        """The reasons for which a referral can be withdrawn."""
        return await self.get("/referral-withdrawal-reasons", list[Reason])

    async def category(self, category_id: UUID, contract: str) -> Category:
        """A category with the outcomes and levels that a contract offers in it."""
        return await self.get(f"/service-category/{category_id}/contract-reference/{contract}", Category)
