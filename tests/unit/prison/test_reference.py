"""The lists that never change."""

from __future__ import annotations

import pytest

from throughcare.seeding.people import ALERTS, ETHNICITIES, PRISONS_FEMALE, PRISONS_MALE, RELIGIONS
from throughcare.services.prison.reference import model


def test_the_lists_are_whole() -> None:
    sizes = [len(one) for one in (
        model.prisons(), model.alert_types(), model.alert_codes(), model.imprisonment_statuses(),
        model.identifier_types(), model.movement_types(), model.movement_reasons(),
    )]  # fmt: skip
    assert sizes == [173, 20, 213, 120, 14, 11, 186]


def test_every_alert_code_has_a_type_and_every_reason_a_movement_type() -> None:
    assert {one.alert_type for one in model.alert_codes().values()} <= set(model.alert_types())
    assert {kind for kind, _ in model.movement_reasons()} <= set(model.movement_types())


def test_synthetic_people_use_codes_that_exist() -> None:
    prisons = {model.prisons()[code] for code in (*PRISONS_MALE, *PRISONS_FEMALE)}
    assert all(one.active for one in prisons)
    assert all(model.prisons()[code].male for code in PRISONS_MALE)
    assert all(model.prisons()[code].female for code in PRISONS_FEMALE)
    assert all(model.alert_codes()[code].active for code in ALERTS)
    assert {code for code, _ in ETHNICITIES} <= set(model.person_codes("ETHNICITY"))
    assert {code for code, _ in RELIGIONS} <= set(model.person_codes("RELIGION"))


def test_the_lists_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        model.prisons()["LEI"] = model.prisons()["MDI"]  # type: ignore[index]


def test_escapes_are_marked() -> None:
    escapes = {one.code for one in model.movement_reasons().values() if one.escape}
    assert escapes == {"ESCP", "UAL", "UAL_ECL"}


def test_pseudo_agencies_are_no_prisons() -> None:
    assert {"OUT", "TRN"} <= set(model.agencies())
    assert not {"OUT", "TRN"} & set(model.prisons())
    assert model.agency_name("OUT") == "OUTSIDE"
    assert model.agency_name(None) is None
