"""The catalogue on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.catalogue import model


class NpsRegion(Wire):
    """A probation region."""

    id: str
    name: str


class PccRegion(Wire):
    """A police and crime commissioner's region and its probation region."""

    id: str
    name: str
    nps_region: NpsRegion

    @classmethod
    def of(cls, region: model.PccRegion, catalogue: model.Catalogue) -> Self:
        """The region as callers know it."""
        held = catalogue.probation_regions[region.probation_region]
        return cls(id=region.id, name=region.name, nps_region=NpsRegion(id=held.id, name=held.name))


class ComplexityLevel(Wire):
    """A level of complexity."""

    id: UUID
    title: str
    description: str


class DesiredOutcome(Wire):
    """An outcome that a service may achieve."""

    id: UUID
    description: str


class ServiceCategory(Wire):
    """A category with its levels, lowest first, and outcomes."""

    id: UUID
    name: str
    complexity_levels: list[ComplexityLevel]
    desired_outcomes: list[DesiredOutcome]

    @classmethod
    def of(cls, category: model.ServiceCategory, outcomes: Iterable[model.DesiredOutcome] | None = None) -> Self:
        """The category with ``outcomes``, or with every outcome that it ever had."""
        return cls(
            id=category.id,
            name=category.name,
            complexity_levels=[ComplexityLevel.model_validate(one) for one in category.levels],
            desired_outcomes=[
                DesiredOutcome.model_validate(one) for one in (category.outcomes if outcomes is None else outcomes)
            ],
        )


class ServiceProvider(Wire):
    """An organisation that delivers services."""

    name: str
    id: str


class Eligibility(Wire):
    """Whom a contract is for."""

    minimum_age: int
    maximum_age: int | None
    allows_female: bool
    allows_male: bool


class ContractType(Wire):
    """What a contract is for."""

    code: str
    name: str


class Intervention(Wire):
    """What a practitioner can choose, with the prime provider and where it is offered."""

    id: UUID
    title: str
    description: str
    nps_region: NpsRegion | None
    pcc_regions: list[PccRegion]
    service_categories: list[ServiceCategory]
    service_provider: ServiceProvider
    eligibility: Eligibility
    contract_type: ContractType
    incoming_referral_distribution_email: str
    contract_reference: str
    referral_end_at: datetime | None = Field(description="from when no referrals are taken")

    @classmethod
    def of(cls, intervention: model.Intervention, catalogue: model.Catalogue) -> Self:
        """The intervention as callers know it."""
        contract = intervention.contract
        region = catalogue.probation_regions.get(contract.probation_region or "")
        return cls(
            id=intervention.id,
            title=intervention.title,
            description=intervention.description,
            nps_region=None if region is None else NpsRegion(id=region.id, name=region.name),
            pcc_regions=[PccRegion.of(one, catalogue) for one in catalogue.regions_of(contract)],
            service_categories=[ServiceCategory.of(one) for one in catalogue.categories_of(intervention)],
            service_provider=ServiceProvider.model_validate(contract.prime),
            eligibility=Eligibility.model_validate(contract),
            contract_type=ContractType.model_validate(contract.type),
            incoming_referral_distribution_email=intervention.mailbox,
            contract_reference=contract.reference,
            referral_end_at=contract.referral_end_at,
        )


class CancellationReason(Wire):
    """Why a referral was cancelled, as old records have it."""

    code: str
    description: str


class WithdrawalReason(Wire):
    """Why a referral is withdrawn."""

    code: str
    description: str
    grouping: str = Field(description="problem, user, sentence, early or other")
