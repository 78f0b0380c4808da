"""Many identifiers, and the cases that have them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from throughcare.kit.web.schemas import Wire

MOST = 1000
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Identifiers(Wire):
    """Up to a thousand CRNs and up to a thousand NOMS numbers, one of either at least."""

    crns: list[Identifier] = Field(default=[], max_length=MOST)
    noms_numbers: list[Identifier] = Field(default=[], max_length=MOST)

    @model_validator(mode="after")
    def _some(self) -> Identifiers:
        if not self.crns and not self.noms_numbers:
            raise ValueError("give crns or nomsNumbers")
        return self


class KnownCase(Wire):
    """A case by its identifiers, and whether probation manages a sentence of the person now."""

    crn: str
    noms_number: str | None
    active_probation_managed_sentence: bool


class KnownCases(Wire):
    """The cases that have one of the identifiers, by CRN."""

    cases: list[KnownCase]
