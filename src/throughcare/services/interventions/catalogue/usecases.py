"""Loads the reference data that comes with this version of the service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.services.interventions.catalogue.store import ReferenceStore

FILES = ("places.json", "services.json", "providers.json", "contracts.json", "reasons.json")
LOADER = 1

Row = dict[str, object]


async def load_reference_data(uow: UnitOfWork) -> dict[str, int]:
    """Bring the tables to the data files; how many rows differed in each, nothing when loaded already.

    Contracts that were onboarded since stay as they were onboarded.
    """
    texts = {name: (files(__package__) / "data" / name).read_text("utf-8") for name in FILES}
    digest = hashlib.sha256(f"{LOADER}{''.join(texts.values())}".encode()).hexdigest()
    async with uow:
        store = uow.store(ReferenceStore)
        if await store.digest(lock=True) == digest:
            return {}
        rows = rows_of({name: json.loads(text) for name, text in texts.items()})
        return await store.put(without_onboarded(rows, *await store.onboarded()), digest, uow.now)


def without_onboarded(
    rows: Mapping[str, list[Row]], references: Collection[str], types: Mapping[str, UUID]
) -> dict[str, list[Row]]:
    """``rows`` without the contracts of these ``references``, which follow what was onboarded.

    A contract type whose code is in use under another id, by ``types``, keeps that id and what belongs to it.
    """
    contracts = rows["dynamic_framework_contract"]
    theirs = {one["id"] for one in contracts if one["contract_reference"] in references}
    held = {one["id"]: types.get(str(one["code"]), one["id"]) for one in rows["contract_type"]}
    kept = {
        "contract_type": [one for one in rows["contract_type"] if held[one["id"]] == one["id"]],
        "contract_type_service_category": [
            one
            for one in rows["contract_type_service_category"]
            if held[one["contract_type_id"]] == one["contract_type_id"]
        ],
        "dynamic_framework_contract": [
            {**one, "contract_type_id": held[one["contract_type_id"]]} for one in contracts if one["id"] not in theirs
        ],
        "contract_subcontractor": [one for one in rows["contract_subcontractor"] if one["contract_id"] not in theirs],
        "intervention": [one for one in rows["intervention"] if one["dynamic_framework_contract_id"] not in theirs],
    }
    return {**rows, **kept}


def rows_of(data: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Rows by table name, from the parsed data files."""
    return {
        **_places(data["places.json"]),
        **_services(data["services.json"]),
        "service_provider": list(data["providers.json"]["providers"]),
        **_contracts(data),
        "withdrawal_reason": list(data["reasons.json"]["withdrawal"]),
        "cancellation_reason": list(data["reasons.json"]["cancellation"]),
    }


def _places(data: Any) -> dict[str, list[Row]]:
    regions = [
        {"id": one["id"], "name": one["name"], "probation_region": one["probationRegion"]} for one in data["pccRegions"]
    ]
    units = [
        {"id": one["id"], "name": one["name"], "probation_region": one["probationRegion"]}
        for one in data["deliveryUnits"]
    ]
    offices = [
        {
            "id": one["id"], "name": one["name"], "address": one["address"], "page": one["page"],
            "probation_region": one["probationRegion"], "delius_code": one["deliusCode"],
        }
        for one in data["offices"]
    ]  # fmt: skip
    return {
        "probation_region": list(data["probationRegions"]), "pcc_region": regions,
        "probation_delivery_unit": units, "probation_office": offices,
    }  # fmt: skip


def _services(data: Any) -> dict[str, list[Row]]:
    categories, types = data["categories"], data["contractTypes"]
    return {
        "service_category": [{"id": UUID(one["id"]), "name": one["name"]} for one in categories],
        "complexity_level": [row for one in categories for row in _levels(one)],
        "desired_outcome": [row for one in categories for row in _outcomes(one)],
        "contract_type": [{"id": UUID(one["id"]), "code": one["code"], "name": one["name"]} for one in types],
        "contract_type_service_category": [
            {"contract_type_id": UUID(one["id"]), "service_category_id": UUID(category)}
            for one in types
            for category in one["categories"]
        ],
    }


def _levels(category: Any) -> Iterator[Row]:
    for one in category["levels"]:
        yield {
            "id": UUID(one["id"]), "service_category_id": UUID(category["id"]), "complexity": one["level"],
            "title": one["title"], "description": one["text"],
        }  # fmt: skip


def _outcomes(category: Any) -> Iterator[Row]:
    for one in category["outcomes"]:
        rule = one.get("rule")
        yield {
            "id": UUID(one["id"]), "service_category_id": UUID(category["id"]), "description": one["text"],
            "deprecated_at": _moment(one.get("deprecatedAt")), "rule_type": rule["mode"] if rule else None,
            "rule_contracts": rule["contracts"] if rule else None,
        }  # fmt: skip


def _contracts(data: Mapping[str, Any]) -> dict[str, list[Row]]:
    types = {one["code"]: one for one in data["services.json"]["contractTypes"]}
    names = {one["id"]: one["name"] for one in data["providers.json"]["providers"]}
    places = {one["code"]: one["name"] for one in data["places.json"]["probationRegions"]}
    places |= {one["id"]: one["name"] for one in data["places.json"]["pccRegions"]}
    rows: dict[str, list[Row]] = {
        "dynamic_framework_contract": [],
        "contract_subcontractor": [],
        "intervention": [],
    }
    for one in data["contracts.json"]["contracts"]:
        contract_id = uuid5(NAMESPACE_URL, f"throughcare:contract:{one['reference']}")
        rows["dynamic_framework_contract"].append(_contract(one, contract_id, UUID(types[one["type"]]["id"])))
        rows["contract_subcontractor"] += [
            {"contract_id": contract_id, "service_provider_id": provider} for provider in one["subcontractors"]
        ]
        where = places[one["probationRegion"] or one["pccRegion"]]
        rows["intervention"].append(
            {
                "id": uuid5(NAMESPACE_URL, f"throughcare:intervention:{one['reference']}"),
                "dynamic_framework_contract_id": contract_id,
                "title": one["title"],
                "description": f"{types[one['type']]['name']}: {where}. Delivered by {names[one['prime']]}.",
                "incoming_referral_distribution_email": f"referrals.{one['reference']}@provider.example.test",
            }
        )
    return rows


def _contract(one: Any, contract_id: UUID, type_id: UUID) -> Row:
    return {
        "id": contract_id, "contract_reference": one["reference"], "contract_type_id": type_id,
        "prime_provider_id": one["prime"], "probation_region": one["probationRegion"],
        "pcc_region": one["pccRegion"],
        "minimum_age": one["minimumAge"], "maximum_age": one["maximumAge"],
        "allows_female": one["women"], "allows_male": one["men"],
        "referral_start_date": date.fromisoformat(one["referralsFrom"]),
        "referral_end_at": _moment(one["referralsUntil"]),
    }  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
