"""What people are held for, and when they may be released."""

from __future__ import annotations

from datetime import date

import pytest

from throughcare.services.prison.booking.model import (
    RECALLS,
    KeyDate,
    convicted_status,
    legal_status,
    non_dto_release_date,
    release_date,
)
from throughcare.services.prison.reference.model import ImprisonmentStatus, imprisonment_statuses

EARLY, LATE, LATER = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


@pytest.mark.parametrize(
    ("code", "legal", "convicted"),
    [
        ("FTR_ORA", "RECALL", "Convicted"),
        ("LR_LIFE", "RECALL", "Convicted"),
        ("DIED", "DEAD", "Convicted"),
        ("LIFE", "INDETERMINATE_SENTENCE", "Convicted"),
        ("ADIMP_ORA", "SENTENCED", "Convicted"),
        ("A_FINE", "SENTENCED", "Convicted"),
        ("JR", "CONVICTED_UNSENTENCED", "Convicted"),
        ("SEC2_1", "CONVICTED_UNSENTENCED", "Convicted"),
        ("CIVIL", "CIVIL_PRISONER", "Remand"),
        ("YO_CFINE", "CIVIL_PRISONER", "Remand"),
        ("CIV_RMD", "CIVIL_PRISONER", "Remand"),
        ("DEPORT", "IMMIGRATION_DETAINEE", "Convicted"),
        ("TRL", "REMAND", "Remand"),
        ("RX", "REMAND", "Remand"),
        ("UNKNOWN", "UNKNOWN", "Remand"),
        ("SINE DIE", "OTHER", "Remand"),
        ("SUP_ORD", "OTHER", "Remand"),
    ],
)
def test_legal_and_convicted_status_follow_from_code_and_band(code: str, legal: str, convicted: str) -> None:
    status = imprisonment_statuses()[code]
    assert (legal_status(status), convicted_status(status)) == (legal, convicted)


def test_a_recall_code_wins_over_its_band() -> None:
    bands = {one.band for one in imprisonment_statuses().values() if one.code in RECALLS}
    assert bands == {1, 2}
    assert {legal_status(one) for one in imprisonment_statuses().values() if one.code in RECALLS} == {"RECALL"}


def test_an_immigration_band_that_no_code_uses_today_is_read_too() -> None:
    assert legal_status(ImprisonmentStatus("ANY", "Any", True, 8)) == "IMMIGRATION_DETAINEE"


def test_among_the_non_dto_dates_the_latest_wins() -> None:
    dates = {"ARD": KeyDate(EARLY), "CRD": KeyDate(LATER), "NPD": KeyDate(LATE)}
    assert non_dto_release_date(dates) == (LATER, "CRD")


def test_an_overriding_date_beats_a_later_calculated_one_of_its_type() -> None:
    dates = {"CRD": KeyDate(calculated=LATER, overridden=EARLY), "PRRD": KeyDate(LATE)}
    assert non_dto_release_date(dates) == (LATE, "PRRD")


@pytest.mark.parametrize(
    ("kinds", "first"), [(("PRRD", "ARD"), "ARD"), (("NPD", "CRD"), "CRD"), (("PRRD", "NPD"), "NPD")]
)
def test_on_a_tie_the_order_of_types_decides(kinds: tuple[str, str], first: str) -> None:
    assert non_dto_release_date({kind: KeyDate(EARLY) for kind in kinds}) == (EARLY, first)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"CONFIRMED": EARLY, "APD": LATER, "HDCAD": LATE, "CRD": LATER}, EARLY),
        ({"APD": EARLY, "HDCAD": LATE, "CRD": LATER}, EARLY),
        ({"HDCAD": EARLY, "CRD": LATER}, EARLY),
        ({"CRD": EARLY, "MTD": LATE}, LATE),
        ({"CRD": LATER, "MTD": LATE}, LATER),
        ({"MTD": LATE}, LATE),
        ({"SED": LATE}, None),
        ({}, None),
    ],
)
def test_the_release_date_is_the_first_known_in_order(dates: dict[str, date], expected: date | None) -> None:
    assert release_date({kind: KeyDate(day) for kind, day in dates.items()}) == expected
