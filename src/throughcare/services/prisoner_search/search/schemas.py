"""Searches as they come over the wire."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.prisoner_search.search.model import Gender, Location, NameQuery


class GlobalSearch(Wire):
    """A person to be found by identifier or name."""

    prisoner_identifier: str | None = Field(None, max_length=50)
    first_name: str | None = Field(None, max_length=100)
    last_name: str | None = Field(None, max_length=100)
    gender: Gender | None = None
    location: Location | None = None
    date_of_birth: date | None = None
    include_aliases: bool = False

    @property
    def identifier(self) -> str | None:
        """The identifier; None when it is blank."""
        return (self.prisoner_identifier or "").strip() or None

    @property
    def query(self) -> NameQuery | None:
        """The name with what belongs to it; None when there is neither a first nor a last name."""
        first, last = (self.first_name or "").strip() or None, (self.last_name or "").strip() or None
        days = frozenset({self.date_of_birth}) if self.date_of_birth else None
        return NameQuery(first, last, days, self.gender or Gender.ALL) if first or last else None
