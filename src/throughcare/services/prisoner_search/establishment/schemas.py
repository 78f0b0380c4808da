"""Which of a prison's people are asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Day, Wire

Code = Annotated[str, Field(max_length=500)]


class EstablishmentQuery(Wire):
    """Words and filters; alert codes can be repeated or separated by commas."""

    term: str = Field("", max_length=200)
    alerts: list[Code] = Field(default_factory=list, max_length=50)
    from_dob: Day | None = None
    to_dob: Day | None = None
    cell_location_prefix: str | None = Field(None, max_length=50)
    incentive_level_code: str | None = Field(None, max_length=12)

    @property
    def alert_codes(self) -> list[str]:
        """The alert codes, of which any will do."""
        return [code.strip() for one in self.alerts for code in one.split(",") if code.strip()]
