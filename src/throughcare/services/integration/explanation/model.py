"""Look-ups whose answers were given beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from throughcare.services.integration.person.model import (
    FAILED,
    Case,
    Failed,
    Known,
    Prisoner,
    Prisoners,
    Wanted,
)

NOT_FOUND = frozenset({404, 409})

T = TypeVar("T")
Given = Mapping[str, object]


@dataclass(frozen=True)
class GivenRegisters:
    """Registers that know what they were told: what is not given is not found, an error is a call that fails."""

    person_exists: Given
    noms_to_crn: Given
    prisoner: Given
    probation_cases: Given

    async def probation(self, crns: Wanted, prison_numbers: Wanted) -> Known:
        """What was given under these identifiers."""
        exists = {crn: _exists(self.person_exists.get(crn)) for crn in crns}
        converted = {number: _crn(self.noms_to_crn.get(number)) for number in prison_numbers}
        return Known(exists, converted, {key: _case(one) for key, one in self.probation_cases.items()})

    async def prisoners(self, prison_numbers: Wanted) -> Prisoners:
        """The prisoners that were given."""
        return {number: _prisoner(self.prisoner.get(number)) for number in prison_numbers}


def _settled(given: object) -> object:
    """What was given; FAILED for an error, None for one that says that there is nothing."""
    if isinstance(given, Mapping) and "error" in given:
        return None if given["error"] in NOT_FOUND else FAILED
    return given


def _exists(given: object) -> bool | Failed:
    found = _settled(given)
    return found if isinstance(found, Failed) else found is True


def _crn(given: object) -> str | Failed | None:
    found = _settled(given)
    return found if isinstance(found, Failed | str) else None


def _prisoner(given: object) -> Prisoner | Failed | None:
    found = _settled(given)
    if not isinstance(found, Mapping):
        return found if isinstance(found, Failed) else None
    return Prisoner(_text(found, "prisonId"), _text(found, "status"), _text(found, "lastPrisonId"))


def _case(given: object) -> Case | Failed | None:
    found = _settled(given)
    if not isinstance(found, Mapping):
        return found if isinstance(found, Failed) else None
    return Case(_text(found, "nomsNumber"), found.get("activeProbationManagedSentence") is True)


def _text(given: Mapping[object, object], name: str) -> str | None:
    value = given.get(name)
    return value if isinstance(value, str) else None
