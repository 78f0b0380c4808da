"""Prisoner, booking, PNC and CRO numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.seeding.people import noms_number, pnc_number
from throughcare.services.prison.numbering.model import (
    CHECK_LETTERS,
    LETTERS,
    PER_LETTER,
    Cro,
    NumbersExhausted,
    Pnc,
    book_number,
    identifier_key,
    position_of,
    prisoner_number,
)

LAST = PER_LETTER * len(LETTERS) ** 3


@pytest.mark.parametrize(
    ("position", "number"),
    [
        (1, "A0001AA"),
        (9999, "A9999AA"),
        (10_000, "A0001AC"),
        (PER_LETTER * len(LETTERS), "A9999AZ"),
        (PER_LETTER * len(LETTERS) + 1, "A0001CA"),
        (PER_LETTER * len(LETTERS) ** 2, "A9999ZZ"),
        (PER_LETTER * len(LETTERS) ** 2 + 1, "C0001AA"),
        (LAST, "Z9999ZZ"),
    ],
)
def test_digits_move_first_then_the_second_letter_of_the_suffix_then_the_first_then_the_prefix(
    position: int, number: str
) -> None:
    assert prisoner_number(position) == number


@given(st.integers(1, LAST))
def test_a_position_and_its_number_lead_to_each_other(position: int) -> None:
    number = prisoner_number(position)
    assert position_of(number) == position
    assert not set(number) & set("BIOSU")


@given(st.integers(1, LAST - 1))
def test_no_number_is_issued_twice_in_a_row(position: int) -> None:
    assert prisoner_number(position) != prisoner_number(position + 1)


def test_numbers_run_out() -> None:
    with pytest.raises(NumbersExhausted):
        prisoner_number(LAST + 1)


@pytest.mark.parametrize("number", ["A0000AA", "B0001AA", "A0001AS", "a0001AA", "A001AA", ""])
def test_a_number_that_is_never_issued_has_no_position(number: str) -> None:
    with pytest.raises(ValueError, match="not a number of the sequence"):
        position_of(number)


def test_synthetic_people_hold_the_first_numbers_of_the_sequence() -> None:
    assert [position_of(noms_number(number)) for number in (0, 1, 99_999)] == [1, 2, 100_000]


@pytest.mark.parametrize(
    ("booking_id", "number"),
    [
        (1, "00001A"),
        (99_999, "99999A"),
        (100_000, "00001B"),
        (26 * 99_999, "99999Z"),
        (26 * 99_999 + 1, "00001AA"),
    ],
)
def test_a_book_number_has_five_digits_and_one_letter_then_two(booking_id: int, number: str) -> None:
    assert book_number(booking_id) == number


@given(st.integers(1900, 2099), st.integers(1, 9_999_999))
def test_a_pnc_with_the_right_letter_is_read_in_its_long_and_its_short_form(year: int, serial: int) -> None:
    long = pnc_number(year, serial)
    short = f"{year % 100:02}/{serial}{long[-1]}"
    read = [Pnc.of(long), Pnc.of(short)]
    assert all(read)
    assert identifier_key("PNC", long) == identifier_key("PNC", short)


@given(st.integers(1, 9_999_999), st.sampled_from(CHECK_LETTERS))
def test_a_pnc_with_another_letter_is_refused(serial: int, letter: str) -> None:
    right = pnc_number(1999, serial)
    assert (Pnc.of(f"1999/{serial}{letter}") is not None) == (letter == right[-1])


@pytest.mark.parametrize("text", ["", "99/", "1999/12345678A", "1999-1234A", "19999/1A", "99/1234a", "٩٩/1A"])
def test_what_is_not_shaped_like_a_pnc_is_refused(text: str) -> None:
    assert Pnc.of(text) is None


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("265416/21G", True),
        ("265416/21H", False),
        ("65656/91H", True),
        ("SF05/482703J", True),
        ("SF05/482703K", False),
        ("SF39/56738B", True),
        ("1234567/21A", False),
        ("", False),
    ],
)
def test_a_cro_is_read_only_with_its_check_letter(text: str, valid: bool) -> None:
    assert (Cro.of(text) is not None) is valid


@given(st.integers(0, 99), st.integers(1, 99_999))
def test_a_file_cro_is_checked_without_padding_and_a_standard_one_with(year: int, serial: int) -> None:
    padded = CHECK_LETTERS[int(f"{year:02}{serial:06}") % 23]
    plain = CHECK_LETTERS[int(f"{year:02}{serial}") % 23]
    assert Cro.of(f"{serial}/{year:02}{padded}") is not None
    assert Cro.of(f"SF{year:02}/{serial}{plain}") is not None
