"""Reads the reference data as one value, kept until a newer version is loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from sqlalchemy import RowMapping, Table, case, select

from throughcare.kit.context import Context
from throughcare.kit.db.database import Views
from throughcare.services.interventions.catalogue import store as tables
from throughcare.services.interventions.catalogue.model import (
    Catalogue,
    ComplexityLevel,
    Contract,
    ContractType,
    DesiredOutcome,
    Intervention,
    PccRegion,
    Provider,
    Region,
    ServiceCategory,
)

Read = dict[str, Sequence[RowMapping]]
Version = tuple[str | None, UUID | None]
LEVELS = {"LOW": 1, "MEDIUM": 2, "HIGH": 3}


class CatalogueViews(Views):
    """The reference data."""

    _held: ClassVar[dict[Version, Catalogue]] = {}

    async def current(self) -> Catalogue:
        """The reference data in force: one short statement, and a full read when the version is new to us."""
        version = await self._version()
        while version not in self._held:
            rows = {table.name: await self._all(table) for table in tables.IN_ORDER}
            read, version = version, await self._version()
            if read == version:
                self._held.clear()
                self._held[version] = _catalogue(rows)
        return self._held[version]

    async def _version(self) -> Version:
        """Which packaged files were loaded, and which onboarding came last."""
        row = await self.first(select(tables.reference_version.c.digest, tables.reference_version.c.onboarding_id))
        return (None, None) if row is None else (row["digest"], row["onboarding_id"])

    async def _all(self, table: Table) -> Sequence[RowMapping]:
        order = [*table.primary_key]
        if table is tables.complexity_level:
            return await self.all(select(table).order_by(case(LEVELS, value=table.c.complexity), *order))
        if table is tables.desired_outcome:
            return await self.all(select(table).order_by(table.c.description, *order))
        return await self.all(select(table).order_by(*order))


async def current_catalogue(ctx: Context) -> Catalogue:
    """The reference data in force, the same for as long as one piece of work takes."""
    held = ctx.read.get(Catalogue)
    if isinstance(held, Catalogue):
        return held
    async with ctx.reading(CatalogueViews) as views:
        found = ctx.read[Catalogue] = await views.current()
    return found


def _catalogue(rows: Read) -> Catalogue:
    probation_regions = {one["code"]: Region(one["code"], one["name"]) for one in rows["probation_region"]}
    pcc_regions = {one["id"]: PccRegion(one["id"], one["name"], one["probation_region"]) for one in rows["pcc_region"]}
    providers = {one["id"]: Provider(one["id"], one["name"]) for one in rows["service_provider"]}
    withdrawals = {one["code"]: (one["description"], one["grouping"]) for one in rows["withdrawal_reason"]}
    types = _types(rows)
    return Catalogue(
        probation_regions, pcc_regions, providers, _categories(rows), _interventions(rows, providers, types),
        withdrawals, {one["code"]: one["description"] for one in rows["cancellation_reason"]},
        {one.code: one for one in types.values()},
    )  # fmt: skip


def _categories(rows: Read) -> dict[UUID, ServiceCategory]:
    levels, outcomes = defaultdict(list), defaultdict(list)
    for one in rows["complexity_level"]:
        level = ComplexityLevel(one["id"], one["complexity"], one["title"], one["description"])
        levels[one["service_category_id"]].append(level)
    for one in rows["desired_outcome"]:
        contracts = frozenset(one["rule_contracts"] or ())
        outcome = DesiredOutcome(one["id"], one["description"], one["deprecated_at"], one["rule_type"], contracts)
        outcomes[one["service_category_id"]].append(outcome)
    return {
        one["id"]: ServiceCategory(one["id"], one["name"], tuple(levels[one["id"]]), tuple(outcomes[one["id"]]))
        for one in rows["service_category"]
    }


def _types(rows: Read) -> dict[UUID, ContractType]:
    categories = defaultdict(list)
    for one in rows["contract_type_service_category"]:
        categories[one["contract_type_id"]].append(one["service_category_id"])
    return {
        one["id"]: ContractType(one["id"], one["code"], one["name"], tuple(categories[one["id"]]))
        for one in rows["contract_type"]
    }


def _interventions(
    rows: Read, providers: dict[str, Provider], types: dict[UUID, ContractType]
) -> dict[UUID, Intervention]:
    subcontractors = defaultdict(list)
    for one in rows["contract_subcontractor"]:
        subcontractors[one["contract_id"]].append(providers[one["service_provider_id"]])
    contracts = {
        one["id"]: Contract(
            one["id"], one["contract_reference"], types[one["contract_type_id"]],
            providers[one["prime_provider_id"]], tuple(subcontractors[one["id"]]), one["probation_region"],
            one["pcc_region"], one["minimum_age"], one["maximum_age"], one["allows_female"],
            one["allows_male"],
            one["referral_start_date"], one["referral_end_at"],
        )
        for one in rows["dynamic_framework_contract"]
    }  # fmt: skip
    return {
        one["id"]: Intervention(
            one["id"], contracts[one["dynamic_framework_contract_id"]], one["title"], one["description"],
            one["incoming_referral_distribution_email"],
        )
        for one in rows["intervention"]
    }  # fmt: skip
