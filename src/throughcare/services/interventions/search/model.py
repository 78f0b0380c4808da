"""What somebody looks for among referrals."""

from __future__ import annotations

from dataclasses import dataclass

from throughcare.services.interventions.refusal.model import Refused

MOST = 50
LONGEST, MOST_WORDS = 100, 6
SHORTEST_WORD, SHORTEST_CODE = 2, 3
LONGEST_CODE = 8
ALIKE, FAINTLY_ALIKE, FEW = 0.45, 0.3, 10
"""How alike a part of a name and a word must be, by their groups of three letters, where 1 is the same; and how much
less will do where that finds few."""


@dataclass(frozen=True)
class Sought:
    """Parts of identifiers (a CRN, a reference number) in upper case, and words of a name in lower case.

    A referral is found when it has every one of them.
    """

    codes: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Sought:
        """What the words that somebody typed look for; spaces in an identifier do not matter.

        Raises Refused (SEARCH_TOO_SHORT).
        """
        parts = text[:LONGEST].split()[:MOST_WORDS]
        together = "".join(parts).upper()
        if _is_code(together) and len(together) <= LONGEST_CODE:
            found = cls((together,), ())
        else:
            codes = tuple(one.upper() for one in parts if _is_code(one))
            found = cls(codes, tuple(one.lower() for one in parts if not _is_code(one)))
        short = [one for one in found.codes if len(one) < SHORTEST_CODE]
        if short or not any(len(one) >= SHORTEST_WORD for one in (*found.codes, *found.words)):
            raise Refused(
                "SEARCH_TOO_SHORT", "a search needs 2 letters of a name, or 3 characters of a CRN or reference"
            )
        return found

    @property
    def kind(self) -> str:
        """What is sought, for the log: ``IDENTIFIER``, ``NAME`` or ``BOTH``."""
        if self.codes and self.words:
            return "BOTH"
        return "IDENTIFIER" if self.codes else "NAME"


def _is_code(text: str) -> bool:
    return text.isalnum() and text.isascii() and any(one.isdigit() for one in text)
