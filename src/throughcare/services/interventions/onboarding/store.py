"""Where onboarded contracts are put, and where it is kept what was onboarded, by whom and from which files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Column, DateTime, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.catalogue.model import ContractType, Intervention, ServiceCategory
from throughcare.services.interventions.catalogue.store import ReferenceStore, Rows
from throughcare.services.interventions.onboarding.model import Changed, Created, Onboarding, Plan

contract_onboarding = Table(
    "contract_onboarding",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("files", JSONB, nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("carried_out_at", DateTime(timezone=True), nullable=False),
    Column("carried_out_by", Text, nullable=False),
)
DONE = contract_onboarding.c


class OnboardingStore(Store):
    """Onboardings that were carried out."""

    async def add(self, done: Onboarding, plan: Plan) -> None:
        """Keep an onboarding and everything that its plan creates or changes."""
        reference = ReferenceStore(self.connection)
        changes = {name: [asdict(one) for one in getattr(done, name)] for name in ("created", "changed")}
        await reference.bring(_rows(plan))
        await self.run(
            insert(contract_onboarding).values(
                id=done.id, files=dict(done.files), changes=changes, carried_out_at=done.carried_out_at,
                carried_out_by=done.carried_out_by,
            )
        )  # fmt: skip
        await reference.follow([one.contract.id for one in plan.interventions], done.id)

    async def newest(self, limit: int) -> list[Onboarding]:
        """The newest onboardings."""
        order = (DONE.carried_out_at.desc(), DONE.id.desc())
        return [
            Onboarding(
                row["id"], row["files"], tuple(Created(**one) for one in row["changes"]["created"]),
                tuple(Changed(**one) for one in row["changes"]["changed"]), row["carried_out_at"],
                row["carried_out_by"],
            )
            for row in await self.all(select(contract_onboarding).order_by(*order).limit(limit))
        ]  # fmt: skip


def _rows(plan: Plan) -> dict[str, Rows]:
    return {
        "service_provider": [{"id": one.id, "name": one.name} for one in plan.providers],
        **_type_rows(plan.types),
        **_contract_rows(plan.interventions),
    }


def _type_rows(types: Sequence[tuple[ContractType, ServiceCategory]]) -> dict[str, Rows]:
    return {
        "service_category": [{"id": category.id, "name": category.name} for _, category in types],
        "complexity_level": [
            {
                "id": one.id, "service_category_id": category.id, "complexity": one.level, "title": one.title,
                "description": one.description,
            }
            for _, category in types
            for one in category.levels
        ],
        "desired_outcome": [
            {
                "id": one.id, "service_category_id": category.id, "description": one.description,
                "deprecated_at": None, "rule_type": None, "rule_contracts": None,
            }
            for _, category in types
            for one in category.outcomes
        ],
        "contract_type": [{"id": kind.id, "code": kind.code, "name": kind.name} for kind, _ in types],
        "contract_type_service_category": [
            {"contract_type_id": kind.id, "service_category_id": category.id} for kind, category in types
        ],
    }  # fmt: skip


def _contract_rows(interventions: Sequence[Intervention]) -> Mapping[str, Rows]:
    contracts = [one.contract for one in interventions]
    return {
        "dynamic_framework_contract": [
            {
                "id": one.id, "contract_reference": one.reference, "contract_type_id": one.type.id,
                "prime_provider_id": one.prime.id, "probation_region": one.probation_region,
                "pcc_region": one.pcc_region, "minimum_age": one.minimum_age, "maximum_age": one.maximum_age,
                "allows_female": one.allows_female, "allows_male": one.allows_male,
                "referral_start_date": one.referral_start_date, "referral_end_at": one.referral_end_at,
            }
            for one in contracts
        ],
        "contract_subcontractor": [
            {"contract_id": one.id, "service_provider_id": provider.id}
            for one in contracts
            for provider in one.subcontractors
        ],
        "intervention": [
            {
                "id": one.id, "dynamic_framework_contract_id": one.contract.id, "title": one.title,
                "description": one.description, "incoming_referral_distribution_email": one.mailbox,
            }
            for one in interventions
        ],
    }  # fmt: skip
