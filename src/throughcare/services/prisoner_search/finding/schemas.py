"""Searches over the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from throughcare.kit.web.schemas import Wire
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.finding.model import Location

Text = Annotated[str, StringConstraints(max_length=100)]


class GlobalSearch(Wire):
    """A search by an identifier, else by names."""

    prisoner_identifier: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    gender: Literal["M", "F", "NK", "NS", "ALL"] | None = None
    location: Location = Location.ALL
    date_of_birth: date | None = None
    include_aliases: bool = False


class MatchRequest(Wire):
    """What is known of somebody who may be in the index."""

    first_name: Text | None = None
    last_name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    date_of_birth: date | None = None
    pnc_number: Text | None = None
    cro_number: Text | None = None
    noms_number: Text | None = None


class PossibleMatchRequest(Wire):
    """What is known of somebody; anything that agrees counts."""

    first_name: Text | None = None
    last_name: Text | None = None
    date_of_birth: date | None = None
    pnc_number: Text | None = None
    noms_number: Text | None = None


class Match(Wire):
    """One person who may be meant."""

    prisoner: Prisoner


class Matches(Wire):
    """Who may be meant, and the stage that found them; ``NOTHING`` when nobody was found."""

    matches: list[Match]
    matched_by: str
