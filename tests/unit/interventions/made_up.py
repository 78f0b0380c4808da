"""A small catalogue that no contract is like."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

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

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
ROOT = UUID("6f1d1e3c-0000-4000-8000-000000000000")


def made_id(name: str) -> UUID:
    """The id of the thing called ``name``."""
    return uuid5(ROOT, name)


def category(name: str, *outcomes: DesiredOutcome) -> ServiceCategory:
    """A category with one level and an outcome that everybody may choose, besides those given."""
    level = ComplexityLevel(made_id(f"{name} low"), "LOW", "Low complexity", "Some support")
    return ServiceCategory(
        made_id(name), name, (level,), (DesiredOutcome(made_id(f"{name} outcome"), "Better"), *outcomes)
    )


WORK, HOME = category("work"), category("home")
SINGLE = ContractType(made_id("single"), "ETE", "Education", (WORK.id,))
COHORT = ContractType(made_id("cohort"), "WOS", "Women", (WORK.id, HOME.id))
PRIME, SUB, OTHER = Provider("PRIME", "Prime Ltd"), Provider("SUB", "Sub Ltd"), Provider("OTHER", "Other Ltd")


def contract(reference: str, kind: ContractType = SINGLE, **changes: object) -> Contract:
    """A contract of PRIME with SUB, in one region, open since 2021."""
    values: dict[str, object] = {
        "id": made_id(reference), "reference": reference, "type": kind, "prime": PRIME,
        "subcontractors": (SUB,),
        "probation_region": None, "pcc_region": "north", "minimum_age": 18, "maximum_age": None,
        "allows_female": True, "allows_male": True, "referral_start_date": date(2021, 1, 1),
        "referral_end_at": None,
    }  # fmt: skip
    return Contract(**{**values, **changes})  # type: ignore[arg-type]


def catalogue(*contracts: Contract) -> Catalogue:
    """A catalogue of these contracts."""
    held = [Intervention(made_id(f"i {one.reference}"), one, one.reference, "", "m@x.test") for one in contracts]
    regions = (PccRegion("north", "North", "A"), PccRegion("coast", "Coast", "A"), PccRegion("south", "South", "B"))
    return Catalogue(
        {"A": Region("A", "Upper"), "B": Region("B", "Lower")}, {one.id: one for one in regions},
        {one.id: one for one in (PRIME, SUB, OTHER)}, {WORK.id: WORK, HOME.id: HOME},
        {one.id: one for one in held}, {}, {}, {one.code: one for one in (SINGLE, COHORT)},
    )  # fmt: skip
