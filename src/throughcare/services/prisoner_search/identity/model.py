"""One way of reading names, numbers and dates, for the index and for every search.

Source of the rules: ministryofjustice/hmpps-prisoner-search. Names are folded further than there: accents and
apostrophes do not matter, so that O'Connor, O’CONNOR and OCONNOR are one name, and so are Łucja and LUCJA.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

PRISONER_NUMBER = re.compile(r"[A-Z]\d{4}[A-Z]{2}", re.ASCII)
PNC = re.compile(r"(\d{2}|\d{4})/(\d{1,7})([A-Z])", re.ASCII)
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
APOSTROPHES = re.compile("['’‘`ʼ]")
GAP, GAP_BETWEEN_PATTERNS = re.compile(r"[\W_]+"), re.compile(r"[^\w?*]+|_+")
WILDCARDS = frozenset("?*")
WITHOUT_ACCENT = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
FIRST_YEAR_OF_1900S = 39


def prisoner_number(text: str) -> str | None:
    """The prisoner number in ``text``, in capitals; None when it is not shaped like one."""
    number = text.strip().upper()
    return number if PRISONER_NUMBER.fullmatch(number) else None


@dataclass(frozen=True)
class Pnc:
    """A Police National Computer number in its long form; its check letter is not looked at."""

    year: int
    serial: int
    letter: str

    @classmethod
    def of(cls, text: str | None) -> Self | None:
        """The number in ``text``; None when it is not shaped like one. Two-digit years from 39 on are of the 1900s."""
        match = PNC.fullmatch((text or "").strip().upper())
        if match is None:
            return None
        year, serial, letter = match.groups()
        if len(year) == 2:
            year = f"{'19' if int(year) >= FIRST_YEAR_OF_1900S else '20'}{year}"
        return cls(int(year), int(serial), letter)

    @property
    def long(self) -> str:
        """With a year of four digits."""
        return f"{self.year:04}/{self.serial}{self.letter}"

    @property
    def short(self) -> str:
        """With a year of two digits."""
        return f"{self.year % 100:02}/{self.serial}{self.letter}"


def pnc_key(text: str | None) -> str | None:
    """What all spellings of one PNC share; anything else in capitals; None for nothing."""
    if not text or not text.strip():
        return None
    found = Pnc.of(text)
    return found.long if found else text.strip().upper()


def cro_key(text: str | None) -> str | None:
    """What all spellings of one CRO share; None for nothing."""
    return text.strip().upper() or None if text else None


def booking_id(text: str) -> int | None:
    """The booking id in ``text``; None when it is not a number."""
    return int(text) if NUMBER.fullmatch(text.strip()) else None


def name_words(name: str | None) -> list[str]:
    """The words of a name as they are compared: small letters, no accents, no apostrophes, in order, each once."""
    return _words(name, GAP)


def name_patterns(name: str) -> list[str]:
    """The words of a name as they are compared, in which ``?`` stands for one letter and ``*`` for any run of them."""
    return _words(name, GAP_BETWEEN_PATTERNS)


def _words(name: str | None, gap: re.Pattern[str]) -> list[str]:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name or "").casefold())
    plain = "".join(letter for letter in APOSTROPHES.sub("", apart) if not unicodedata.combining(letter))
    return list(dict.fromkeys(filter(None, gap.split(plain.translate(WITHOUT_ACCENT)))))


def is_wild(text: str) -> bool:
    """Whether the text holds a wildcard."""
    return not WILDCARDS.isdisjoint(text)


def expression(pattern: str) -> str:
    """The regular expression of a word with wildcards, in a text whose words stand between spaces."""
    parts = (re.escape(part) for part in re.split(r"([?]|[*]+)", pattern))
    return "".join("[^ ]" if part == r"\?" else "[^ ]*" if part.startswith(r"\*") else part for part in parts)


def pnc_forms(text: str | None) -> list[str]:
    """A PNC as it is written, in its long and in its short form, in capitals; nothing for nothing."""
    found, written = Pnc.of(text), (text or "").strip().upper()
    forms = [written, found.long, found.short] if found else [written]
    return list(dict.fromkeys(filter(None, forms)))


def lenient_dates(day: date) -> frozenset[date]:
    """The dates that are easily written instead of ``day``, and itself.

    Day and month swapped; the same day of every other month; one day either side within the month.
    """
    found = {day}
    if day.day <= 12:
        found |= _existing(day.year, day.day, day.month)
    for month in range(1, 13):
        found |= _existing(day.year, month, day.day)
    for neighbour in (day.day - 1, day.day + 1):
        found |= _existing(day.year, day.month, neighbour)
    return frozenset(found)


def _existing(year: int, month: int, day: int) -> set[date]:
    return {date(year, month, day)} if 1 <= day <= monthrange(year, month)[1] else set()
