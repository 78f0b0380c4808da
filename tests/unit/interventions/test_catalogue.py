"""What a contract offers, to whom and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.interventions.made_up import NOW, catalogue, contract, made_id
from throughcare.services.interventions.catalogue.model import DesiredOutcome, Finder
from throughcare.services.interventions.catalogue.usecases import without_onboarded


@pytest.mark.parametrize(
    ("rule", "contracts", "offered_to_a"),
    [
        (None, (), True),
        ("INCLUDE", ("A",), True),
        ("INCLUDE", ("B",), False),
        ("INCLUDE", (), False),
        ("EXCLUDE", ("A",), False),
        ("EXCLUDE", ("B",), True),
    ],
)
def test_a_rule_shows_an_outcome_to_some_contracts_or_hides_it_from_some(
    rule: str | None, contracts: tuple[str, ...], offered_to_a: bool
) -> None:
    outcome = DesiredOutcome(made_id("o"), "Better", None, rule, frozenset(contracts))
    assert outcome.offered("A", NOW) is offered_to_a


def test_an_outcome_is_offered_until_it_is_deprecated() -> None:
    outcome = DesiredOutcome(made_id("o"), "Better", NOW)
    assert outcome.offered("A", NOW - timedelta(seconds=1))
    assert not outcome.offered("A", NOW)


def test_a_contract_takes_referrals_from_its_first_day_in_london_until_its_last_instant() -> None:
    one = contract(
        "A", referral_start_date=datetime(2024, 7, 1, tzinfo=UTC).date(), referral_end_at=NOW.replace(month=8)
    )
    assert not one.open_to_referrals(datetime(2024, 6, 30, 22, 59, tzinfo=UTC))
    assert one.open_to_referrals(datetime(2024, 6, 30, 23, 0, tzinfo=UTC))
    assert one.open_to_referrals(NOW.replace(month=8) - timedelta(seconds=1))
    assert not one.open_to_referrals(NOW.replace(month=8))


LOCAL, REGIONAL = contract("local"), contract("regional", pcc_region=None, probation_region="A")
WOMEN = contract("women", pcc_region="south", allows_male=False, maximum_age=25)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Finder(), ["local", "regional", "women"]),
        (Finder(frozenset({"north"})), ["local", "regional"]),
        (Finder(frozenset({"coast"})), ["regional"]),
        (Finder(frozenset({"nowhere"})), []),
        (Finder(allows_male=True), ["local", "regional"]),
        (Finder(allows_male=False), ["women"]),
        (Finder(allows_female=True, minimum_age=18), ["local", "regional", "women"]),
        (Finder(maximum_age=25), ["women"]),
        (Finder(minimum_age=16), []),
        (Finder(frozenset({"north"}), allows_male=False), []),
    ],
)
def test_the_finder_takes_every_filter_together(wanted: Finder, found: list[str]) -> None:
    held = catalogue(LOCAL, REGIONAL, WOMEN)
    assert [one.title for one in held.find(wanted, NOW)] == found


def test_a_contract_of_a_probation_region_is_offered_in_all_its_regions() -> None:
    held = catalogue(LOCAL, REGIONAL)
    assert [one.name for one in held.regions_of(REGIONAL)] == ["Coast", "North"]
    assert [one.name for one in held.regions_of(LOCAL)] == ["North"]


def test_a_packaged_type_whose_code_was_onboarded_before_goes_by_the_id_that_is_in_use() -> None:
    rows: dict[str, list[dict[str, object]]] = {
        "contract_type": [{"id": "new", "code": "GAR"}, {"id": "ete", "code": "ETE"}],
        "contract_type_service_category": [
            {"contract_type_id": one, "service_category_id": "x"} for one in ("new", "ete")
        ],
        "dynamic_framework_contract": [{"id": "c", "contract_reference": "C", "contract_type_id": "new"}],
        "contract_subcontractor": [], "intervention": [],
    }  # fmt: skip
    held = made_id("held")
    left = without_onboarded(rows, frozenset(), {"GAR": held})
    assert [one["id"] for one in left["contract_type"]] == ["ete"]
    assert [one["contract_type_id"] for one in left["contract_type_service_category"]] == ["ete"]
    assert [one["contract_type_id"] for one in left["dynamic_framework_contract"]] == [held]
