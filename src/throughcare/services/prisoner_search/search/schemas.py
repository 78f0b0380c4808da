"""Searches as they come over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from throughcare.kit.web.schemas import Day, Wire
from throughcare.services.prisoner_search.search.model import Gender, Location, NameQuery

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(lambda text: text or None)
]
Key = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50), AfterValidator(lambda text: text or None)]
PrisonId = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=6)]
PrisonIds = Annotated[list[PrisonId], Field(max_length=500)]


class GlobalSearch(Wire):
    """A person to be found by identifier or name; what is blank is not given."""

    prisoner_identifier: Key | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    gender: Gender | None = None
    location: Location | None = None
    date_of_birth: Day | None = None
    include_aliases: bool = False

    @property
    def query(self) -> NameQuery | None:
        """The name with what belongs to it; None when there is neither a first nor a last name."""
        days = frozenset({self.date_of_birth}) if self.date_of_birth else None
        named = self.first_name or self.last_name
        return NameQuery(self.first_name, self.last_name, days, self.gender or Gender.ALL) if named else None


class PrisonSearch(Wire):
    """A person to be found by identifier or name in some prisons, in any when none is named."""

    prisoner_identifier: Key | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    prison_ids: PrisonIds | None = None
    include_aliases: bool = False

    @property
    def query(self) -> NameQuery | None:
        """The name; None when there is neither a first nor a last name."""
        return NameQuery(self.first_name, self.last_name) if self.first_name or self.last_name else None
