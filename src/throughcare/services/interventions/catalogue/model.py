"""What can be bought for a person on probation: contracts, the services under them, and what each may
achieve.

The structure is that of the Dynamic Framework as ministryofjustice/hmpps-interventions-service holds it: one
intervention to a contract, one contract type to a contract, one or several service categories to a type.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.services.interventions.refusal.model import Closed


@dataclass(frozen=True)
class Region:
    """A probation region (one letter) or a police and crime commissioner's region (a slug)."""

    id: str
    name: str


@dataclass(frozen=True)
class PccRegion(Region):
    """A police and crime commissioner's region, and the probation region that it lies in."""

    probation_region: str


@dataclass(frozen=True)
class Provider:
    """An organisation that delivers services; ``id`` is its sign-in group without ``INT_SP_``."""

    id: str
    name: str


@dataclass(frozen=True)
class ComplexityLevel:
    """How much support a person needs in one category."""

    id: UUID
    level: str
    title: str
    description: str


@dataclass(frozen=True)
class DesiredOutcome:
    """What a service may achieve. A rule may show it to some contracts only, or hide it from some."""

    id: UUID
    description: str
    deprecated_at: datetime | None = None
    rule: str | None = None
    contracts: frozenset[str] = frozenset()

    def offered(self, contract_reference: str, now: datetime) -> bool:
        """Whether a referral under this contract may choose the outcome now."""
        if self.deprecated_at is not None and self.deprecated_at <= now:
            return False
        if self.rule is None:
            return True
        return (contract_reference in self.contracts) == (self.rule == "INCLUDE")


@dataclass(frozen=True)
class ServiceCategory:
    """A kind of service, with its levels (lowest first) and every outcome it ever had."""

    id: UUID
    name: str
    levels: tuple[ComplexityLevel, ...]
    outcomes: tuple[DesiredOutcome, ...]

    def has_level(self, level_id: UUID) -> bool:
        """Whether the level is one of this category's."""
        return any(level.id == level_id for level in self.levels)

    def offered(self, contract_reference: str, now: datetime) -> tuple[DesiredOutcome, ...]:
        """The outcomes that a referral under this contract may choose now."""
        return tuple(one for one in self.outcomes if one.offered(contract_reference, now))


@dataclass(frozen=True)
class ContractType:
    """What a contract is for. One category makes a single service, several a cohort service."""

    id: UUID
    code: str
    name: str
    category_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Contract:
    """A dynamic framework contract. Exactly one of the two regions is set."""

    id: UUID
    reference: str
    type: ContractType
    prime: Provider
    subcontractors: tuple[Provider, ...]
    probation_region: str | None
    pcc_region: str | None
    minimum_age: int
    maximum_age: int | None
    allows_female: bool
    allows_male: bool
    referral_start_date: date
    referral_end_at: datetime | None

    def provider_ids(self) -> frozenset[str]:
        """The prime provider and every subcontractor."""
        return frozenset({self.prime.id, *(one.id for one in self.subcontractors)})

    def open_to_referrals(self, now: datetime) -> bool:
        """Whether it takes new referrals: from the start day, London time, until the end instant."""
        started = self.referral_start_date <= london(now).date()
        return started and (self.referral_end_at is None or now < self.referral_end_at)


@dataclass(frozen=True)
class Intervention:
    """What a practitioner chooses: the one intervention of a contract. ``mailbox`` gets its referrals."""

    id: UUID
    contract: Contract
    title: str
    description: str
    mailbox: str

    def check_open(self, now: datetime) -> None:
        """Raises Closed (INTERVENTION_CLOSED) when no referral can be made now: not yet, or no longer."""
        if not self.contract.open_to_referrals(now):
            raise Closed("INTERVENTION_CLOSED", "this intervention does not take referrals")


@dataclass(frozen=True)
class Finder:
    """What a practitioner asks the finder for; None means any. Values must equal the contract's own."""

    pcc_regions: frozenset[str] = frozenset()
    allows_female: bool | None = None
    allows_male: bool | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None

    def matches(self, contract: Contract, probation_regions: Collection[str]) -> bool:
        """Whether the contract fits; ``probation_regions`` are those that hold the regions asked for."""
        somewhere = contract.pcc_region in self.pcc_regions or contract.probation_region in probation_regions
        asked = (self.allows_female, self.allows_male, self.minimum_age, self.maximum_age)
        held = (contract.allows_female, contract.allows_male, contract.minimum_age, contract.maximum_age)
        return (not self.pcc_regions or somewhere) and all(
            wanted is None or wanted == has for wanted, has in zip(asked, held, strict=True)
        )


@dataclass(frozen=True)
class Catalogue:
    """All reference data of one version."""

    probation_regions: Mapping[str, Region]
    pcc_regions: Mapping[str, PccRegion]
    providers: Mapping[str, Provider]
    categories: Mapping[UUID, ServiceCategory]
    interventions: Mapping[UUID, Intervention]
    withdrawal_reasons: Mapping[str, tuple[str, str]]
    cancellation_reasons: Mapping[str, str]
    types: Mapping[str, ContractType]

    @cached_property
    def by_contract(self) -> Mapping[str, Intervention]:
        """Interventions by contract reference."""
        return {one.contract.reference: one for one in self.interventions.values()}

    @cached_property
    def outcomes(self) -> Mapping[UUID, DesiredOutcome]:
        """Every outcome of every category."""
        return {one.id: one for category in self.categories.values() for one in category.outcomes}

    def categories_of(self, intervention: Intervention) -> tuple[ServiceCategory, ...]:
        """The categories that the intervention covers."""
        return tuple(self.categories[one] for one in intervention.contract.type.category_ids)

    def region_name(self, contract: Contract) -> str:
        """The name of the one region that the contract is for."""
        if contract.pcc_region is not None:
            return self.pcc_regions[contract.pcc_region].name
        return self.probation_regions[contract.probation_region or ""].name

    def regions_of(self, contract: Contract) -> tuple[PccRegion, ...]:
        """The contract's own region, or all regions of its probation region, by name."""
        inside = [
            one
            for one in self.pcc_regions.values()
            if one.id == contract.pcc_region or one.probation_region == contract.probation_region
        ]
        return tuple(sorted(inside, key=lambda one: one.name))

    def find(self, wanted: Finder, now: datetime) -> list[Intervention]:
        """The interventions that are open to referrals and fit, by title."""
        inside = {self.pcc_regions[one].probation_region for one in wanted.pcc_regions if one in self.pcc_regions}
        found = [
            one
            for one in self.interventions.values()
            if one.contract.open_to_referrals(now) and wanted.matches(one.contract, inside)
        ]
        return sorted(found, key=lambda one: (one.title, one.contract.reference))
