"""What is searched for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from throughcare.services.prisoner_search.identity.model import name_patterns, name_words


class Gender(StrEnum):
    """Which gender is searched for."""

    M = "M"
    F = "F"
    NK = "NK"
    NS = "NS"
    ALL = "ALL"


class Location(StrEnum):
    """Whether people in prison are searched for, or people outside."""

    IN = "IN"
    OUT = "OUT"
    ALL = "ALL"


@dataclass(frozen=True)
class NameQuery:
    """A name with what belongs to it: what is None is not compared, a name without a letter finds nobody.

    In a ``wild`` query ``?`` stands for one letter of a word, and ``*`` for any run of them; a name that is nothing
    but ``*`` is not compared.
    """

    first_name: str | None = None
    last_name: str | None = None
    dates_of_birth: frozenset[date] | None = None
    gender: Gender = Gender.ALL
    wild: bool = False

    @property
    def first_name_words(self) -> list[str] | None:
        """The words of the first name; None when none was given."""
        return None if self.first_name is None else self._words(self.first_name)

    @property
    def last_name_words(self) -> list[str] | None:
        """The words of the last name; None when none was given."""
        return None if self.last_name is None else self._words(self.last_name)

    def _words(self, name: str) -> list[str] | None:
        if not self.wild:
            return name_words(name)
        words = name_patterns(name)
        telling = [word for word in words if word.strip("*")]
        return telling if telling or not words else None
