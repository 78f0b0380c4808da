"""Faults as they are asked for."""

from __future__ import annotations

from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from throughcare.kit.ids import new_id
from throughcare.kit.web.schemas import Wire
from throughcare.services.notify.fault.model import Fault, Kind


class AddFault(Wire):
    """Trouble for the next ``requests`` requests.

    ``answer`` needs ``status``, ``delay`` needs ``delayMs``; ``drop`` strikes messages only, after they
    were accepted.
    """

    kind: Kind
    requests: int = Field(default=1, ge=1, le=10_000)
    status: Literal[429, 500, 503, 504] | None = None
    delay_ms: int | None = Field(default=None, ge=1, le=60_000)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.status is not None) != (self.kind == "answer"):
            raise ValueError("status goes with the kind answer, and is needed there")
        if (self.delay_ms is not None) != (self.kind == "delay"):
            raise ValueError("delayMs goes with the kind delay, and is needed there")
        return self

    def fault(self) -> Fault:
        """The fault that is asked for."""
        return Fault(new_id(), self.kind, self.requests, self.status, self.delay_ms)


class FaultBody(Wire):
    """A fault that is still to happen ``remaining`` times."""

    id: UUID
    kind: Kind
    remaining: int
    status: int | None = None
    delay_ms: int | None = None


class Faults(Wire):
    """All faults still to happen, oldest first."""

    faults: list[FaultBody]
