"""What is asked of a search, and the order in which a match is tried.

Source: ministryofjustice/hmpps-prisoner-search: names match exactly after folding, an alias matches as a whole, and the
first stage of the cascade with any hit wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Location(StrEnum):
    """Where somebody is."""

    IN = "IN"
    OUT = "OUT"
    ALL = "ALL"


@dataclass(frozen=True)
class Names:
    """Folded name words and dates; ``dates`` empty means any."""

    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    gender: str | None = None

    @property
    def given(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.first or self.last or self.dates)


@dataclass(frozen=True)
class Identifiers:
    """Folded identifiers; what is None was not given."""

    prisoner_number: str | None = None
    pnc: str | None = None
    cro: str | None = None

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return any((self.prisoner_number, self.pnc, self.cro))


@dataclass(frozen=True)
class Stage:
    """One attempt to match: which identifiers must agree, which names, and in which of them aliases count."""

    name: str
    identifiers: Identifiers
    names: Names
    aliases: bool = False
    any_name_part: bool = False


def cascade(identifiers: Identifiers, names: Names, lenient: tuple[date, ...]) -> list[Stage]:
    """The stages of a match, in order; stages that would compare nothing are left out."""
    last_and_date = Names(last=names.last, dates=names.dates)
    stages = [
        Stage("ALL_SUPPLIED", identifiers, names),
        Stage("ALL_SUPPLIED_ALIAS", identifiers, names, aliases=True),
        Stage("HMPPS_KEY", Identifiers(prisoner_number=identifiers.prisoner_number), Names()),
        Stage("EXTERNAL_KEY", Identifiers(cro=identifiers.cro), last_and_date, aliases=True, any_name_part=True),
        Stage("EXTERNAL_KEY", Identifiers(pnc=identifiers.pnc), last_and_date, aliases=True, any_name_part=True),
        Stage("NAME", Identifiers(), names, aliases=True),
        Stage("PARTIAL_NAME", Identifiers(), last_and_date),
    ]
    if lenient:
        stages.append(Stage("PARTIAL_NAME_DOB_LENIENT", Identifiers(), replace(names, dates=lenient), aliases=True))
    return [one for one in stages if _compares(one)]


def _compares(stage: Stage) -> bool:
    if stage.name in {"HMPPS_KEY", "EXTERNAL_KEY"}:
        return stage.identifiers.given
    return stage.identifiers.given or stage.names.given
