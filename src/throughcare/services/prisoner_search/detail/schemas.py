"""A search for somebody of whom parts are known, as it comes over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kit.web.pagination import PageRequest
from throughcare.kit.web.schemas import Day, Wire
from throughcare.services.prisoner_search.search.model import NameQuery
from throughcare.services.prisoner_search.search.schemas import Key, Name, PrisonId

MOST = 100


class Pagination(Wire):
    """Which page is asked for; a page never holds more than a hundred."""

    page: int = Field(0, ge=0, le=1_000_000)
    size: int = Field(10, ge=1, le=1_000_000)

    @property
    def request(self) -> PageRequest:
        """The page."""
        return PageRequest(self.page, min(self.size, MOST))


class DetailSearch(Wire):
    """Somebody to be found in some prisons. ``?`` stands for one character and ``*`` for any run of them."""

    first_name: Name | None = None
    last_name: Name | None = None
    noms_number: Key | None = None
    pnc_number: Key | None = None
    cro_number: Key | None = None
    date_of_birth: Day | None = None
    include_aliases: bool = True
    prison_ids: Annotated[list[PrisonId], Field(min_length=1, max_length=500)]
    pagination: Pagination = Pagination()

    @property
    def query(self) -> NameQuery:
        """The name with the date of birth; what was not given is not compared."""
        days = frozenset({self.date_of_birth}) if self.date_of_birth else None
        return NameQuery(self.first_name, self.last_name, days, wild=True)
