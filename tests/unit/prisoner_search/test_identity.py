"""Names, numbers and dates are read in one way, however they are written."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from throughcare.services.prisoner_search.identity.model import (
    Pnc,
    booking_id,
    cro_key,
    is_wild,
    lenient_dates,
    name_patterns,
    name_words,
    pnc_key,
    prisoner_number,
)

NAMES = st.text(st.characters(codec="utf-8"), max_size=40)
SERIALS = st.integers(1, 9_999_999)
LETTERS = st.sampled_from("ABCDEFGHJKLMNPQRTUVWXYZ")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("O'Connor", ["oconnor"]), ("O\u2019CONNOR", ["oconnor"]), ("oconnor", ["oconnor"]),
        ("Anne-Marie", ["anne", "marie"]), ("  ANNE   marie ", ["anne", "marie"]), ("Zoë", ["zoe"]), ("ÅSA", ["asa"]),
        ("Łucja", ["lucja"]), ("Ǿrsted", ["orsted"]), ("Æthelred", ["aethelred"]), ("STRAẞE", ["strasse"]),
        ("Bob Bob", ["bob"]), ("", []), ("!?*", []), (None, []), ("D_E", ["d", "e"]), ("Дмитрий", ["дмитрии"]),
    ],
)  # fmt: skip
def test_names_are_compared_without_case_accents_or_apostrophes(name: str | None, words: list[str]) -> None:
    assert name_words(name) == words


@given(NAMES)
@example("ŉ")
@example("\u0345")
def test_reading_a_name_again_changes_nothing(name: str) -> None:
    words = name_words(name)
    assert name_words(" ".join(words)) == words
    assert not any(set(word) & set(" ?*%_\\'") for word in words)


@given(NAMES)
def test_a_name_is_the_same_however_its_accents_are_stored(name: str) -> None:
    assert name_words(unicodedata.normalize("NFD", name)) == name_words(unicodedata.normalize("NFC", name))


@given(NAMES)
def test_a_pattern_without_wildcards_is_a_name(name: str) -> None:
    if not is_wild(name):
        assert name_patterns(name) == name_words(name)


@pytest.mark.parametrize(
    ("text", "patterns"),
    [("Sm?th", ["sm?th"]), ("O'C*", ["oc*"]), ("*", ["*"]), ("an* b_c", ["an*", "b", "c"]), ("%", []), (".+$", [])],
)
def test_wildcards_stay_in_a_pattern_and_nothing_else_does(text: str, patterns: list[str]) -> None:
    assert name_patterns(text) == patterns


@given(st.integers(1939, 2038), SERIALS, LETTERS, st.booleans(), st.booleans())
def test_a_pnc_has_one_key_in_every_form(year: int, serial: int, letter: str, padded: bool, small: bool) -> None:
    number = f"{serial:07}" if padded else str(serial)
    letter = letter.lower() if small else letter
    forms = [f"{year}/{number}{letter}", f"{year % 100:02}/{number}{letter}", f" {year}/{number}{letter} "]
    assert {pnc_key(form) for form in forms} == {f"{year}/{serial}{letter.upper()}"}
    found = Pnc.of(forms[0])
    assert found is not None
    assert (found.long, found.short) == (
        f"{year}/{serial}{letter.upper()}", f"{year % 100:02}/{serial}{letter.upper()}"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("39/1A", "1939/1A"),
        ("38/1A", "2038/1A"),
        ("99/0000001a", "1999/1A"),
        ("00/1A", "2000/1A"),
        ("1920/1A", "1920/1A"),
    ],
)
def test_two_digit_years_from_39_on_are_of_the_last_century(text: str, long: str) -> None:
    found = Pnc.of(text)
    assert found is not None
    assert found.long == long


@pytest.mark.parametrize(
    "text", ["", "1/1A", "199/1A", "99/A", "99/1", "99/12345678A", "x99/1A", "99-1A", "99/1AB", None]
)
def test_what_is_no_pnc_is_left_as_it_is(text: str | None) -> None:
    assert Pnc.of(text) is None
    assert pnc_key(text) == (text.upper() if text else None)


@pytest.mark.parametrize(
    ("text", "number"),
    [("a1234bc", "A1234BC"), (" A1234BC ", "A1234BC"), ("A123BC", None), ("A1234B", None), ("٣A1234BC", None),
     ("A١٢٣٤BC", None), ("A1234BC\n", "A1234BC"), ("A1234BCD", None)],
)  # fmt: skip
def test_a_prisoner_number_is_read_in_either_case(text: str, number: str | None) -> None:
    assert prisoner_number(text) == number


def test_other_numbers_are_read_as_they_are_or_not_at_all() -> None:
    assert (cro_key(" sf05/482703j "), cro_key(""), cro_key(None)) == ("SF05/482703J", None, None)
    assert (booking_id(" 12 "), booking_id("9" * 18), booking_id("9" * 19), booking_id("-1"), booking_id("²")) == (
        12, 999_999_999_999_999_999, None, None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "others"),
    [
        ("1970-05-12", {"1970-12-05", "1970-05-11", "1970-05-13", *(f"1970-{m:02}-12" for m in range(1, 13))}),
        ("1981-01-31", {"1981-01-30", *(f"1981-{m:02}-31" for m in (1, 3, 5, 7, 8, 10, 12))}),
        ("2000-02-29", {"2000-02-28", *(f"2000-{m:02}-29" for m in range(1, 13))}),
        ("1990-01-01", {"1990-01-02", *(f"1990-{m:02}-01" for m in range(1, 13))}),
    ],
)
def test_the_dates_that_are_easily_written_instead(day: str, others: set[str]) -> None:
    assert {one.isoformat() for one in lenient_dates(date.fromisoformat(day))} == {day, *others}


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_lenient_dates_hold_the_day_itself_and_stay_in_its_year(day: date) -> None:
    found = lenient_dates(day)
    assert day in found
    assert {one.year for one in found} == {day.year}
    assert len(found) <= 15
