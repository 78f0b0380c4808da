"""Matches as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from throughcare.kit.web.schemas import Day, Wire
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.matching.model import MatchedBy

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
GivenName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Key = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=30)]


class MatchRequest(Wire):
    """What is known of a person who is to be matched; only what is given is compared."""

    first_name: Name | None = None
    last_name: GivenName
    date_of_birth: Day | None = None
    pnc_number: Key | None = None
    cro_number: Key | None = None
    noms_number: Key | None = None


class PossibleMatchRequest(Wire):
    """What is known of a person of whom anything may match."""

    first_name: Name | None = None
    last_name: Name | None = None
    date_of_birth: Day | None = None
    pnc_number: Key | None = None
    noms_number: Key | None = None

    @property
    def sufficient(self) -> bool:
        """Whether there is anything to match by."""
        return bool(self.noms_number or self.pnc_number or (self.last_name and self.date_of_birth))


class PrisonerMatch(Wire):
    """Somebody who matches."""

    prisoner: Prisoner


class PrisonerMatches(Wire):
    """Those who match, and by what."""

    matches: list[PrisonerMatch] = Field(max_length=10)
    matched_by: MatchedBy
