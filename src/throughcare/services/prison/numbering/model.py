"""The numbers that identify people and bookings, and the letters that check them.

Source: ministryofjustice/prison-api, generation of prisoner numbers and validation of PNC and CRO numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

LETTERS = "ACDEFGHJKLMNPQRTVWXYZ"
PER_LETTER = 9999
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
BOOKING_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

PRISONER_NUMBER = re.compile(r"[A-Z]\d{4}[A-Z]{2}", re.ASCII)
PNC = re.compile(r"(\d{0,2})(\d{2})/(\d{1,7})([A-Z])", re.ASCII)
CRO_STANDARD = re.compile(r"(\d{1,6})/(\d{2})([A-Z])", re.ASCII)
CRO_FILE = re.compile(r"SF(\d{2})/(\d{1,6})([A-Z])", re.ASCII)


class NumbersExhausted(OverflowError):
    """Every prisoner number has been issued."""


def prisoner_number(position: int) -> str:
    """The prisoner number at ``position`` (from 1) in sequence: digits move first, then suffix, then prefix.

    B, I, O, S and U are never used. Raises ValueError below 1 and NumbersExhausted after ``Z9999ZZ``.
    """
    if position < 1:
        raise ValueError("positions count from 1")
    rest, digits = divmod(position - 1, PER_LETTER)
    rest, last = divmod(rest, len(LETTERS))
    prefix, first = divmod(rest, len(LETTERS))
    if prefix >= len(LETTERS):
        raise NumbersExhausted
    return f"{LETTERS[prefix]}{digits + 1:04}{LETTERS[first]}{LETTERS[last]}"


def position_of(number: str) -> int:
    """Where a prisoner number stands in the sequence. Raises ValueError for one that is never issued."""
    if (
        not PRISONER_NUMBER.fullmatch(number)
        or not set(number[0] + number[5:]) <= set(LETTERS)
        or number[1:5] == "0000"
    ):
        raise ValueError("not a number of the sequence")
    prefix, first, last = (LETTERS.index(letter) for letter in (number[0], number[5], number[6]))
    return ((prefix * len(LETTERS) + first) * len(LETTERS) + last) * PER_LETTER + int(number[1:5])


def book_number(booking_id: int) -> str:
    """The number of a booking as staff see it: five digits and a letter, in time two letters."""
    series, digits = divmod(booking_id - 1, 99_999)
    first, last = divmod(series, len(BOOKING_LETTERS))
    letters = BOOKING_LETTERS[last] if not first else BOOKING_LETTERS[first - 1] + BOOKING_LETTERS[last]
    return f"{digits + 1:05}{letters}"


@dataclass(frozen=True)
class Pnc:
    """A Police National Computer number that passed its check letter."""

    year: str
    serial: int
    letter: str

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The number in ``text``; None when its shape or check letter is wrong."""
        match = PNC.fullmatch(text)
        if match is None:
            return None
        century, year, serial, letter = match.groups()
        if CHECK_LETTERS[int(f"{year}{int(serial):07}") % 23] != letter:
            return None
        return cls(century + year, int(serial), letter)

    @property
    def key(self) -> str:
        """What short and long forms share: two-digit year, serial without zeros, letter."""
        return f"{self.year[-2:]}/{self.serial}{self.letter}"


@dataclass(frozen=True)
class Cro:
    """A Criminal Records Office number that passed its check letter; ``text`` is in capitals."""

    text: str

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The number in ``text``; None when its shape or check letter is wrong."""
        if standard := CRO_STANDARD.fullmatch(text):
            serial, year, letter = standard.groups()
            checked = f"{year}{int(serial):06}"
        elif file := CRO_FILE.fullmatch(text):
            year, serial, letter = file.groups()
            checked = f"{year}{serial}"
        else:
            return None
        return cls(text) if CHECK_LETTERS[int(checked) % 23] == letter else None


def identifier_key(kind: str, value: str) -> str:
    """What two spellings of one identifier have in common, for finding who holds it already."""
    pnc = Pnc.of(value) if kind == "PNC" else None
    return pnc.key if pnc else value.upper()
