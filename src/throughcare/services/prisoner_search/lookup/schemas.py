"""Which prisoners are asked for by number."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from throughcare.kit.web.schemas import Wire

PrisonerNumber = Annotated[str, StringConstraints(to_upper=True, min_length=1, max_length=10)]


BookingId = Annotated[int, Field(ge=1, le=9_223_372_036_854_775_807)]


class BookingIds(Wire):
    """Up to a thousand booking ids."""

    booking_ids: list[BookingId] = Field(min_length=1, max_length=1000)


class PrisonerNumbers(Wire):
    """Up to a thousand prisoner numbers."""

    prisoner_numbers: list[PrisonerNumber] = Field(min_length=1, max_length=1000)
