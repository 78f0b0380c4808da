"""What can be made to go wrong with the next requests to the Notify API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from throughcare.services.notify.refusal.model import Problem, Refused

Kind = Literal["answer", "delay", "drop"]
ERRORS = {
    429: "RateLimitError",
    500: "Exception",
    503: "HTTP503Error",
    504: "EventletTimeout",
}


@dataclass(frozen=True)
class Fault:
    """One kind of trouble for the next ``remaining`` requests.

    ``answer`` refuses a request with ``status``, ``delay`` keeps it waiting, ``drop`` accepts a message and
    then cuts the connection, so that the sender cannot know.
    """

    id: UUID
    kind: Kind
    remaining: int
    status: int | None = None
    delay_ms: int | None = None


def refusal(fault: Fault) -> Refused:
    """The answer that an ``answer`` fault gives."""
    status = fault.status or 503
    return Refused(status, [Problem(ERRORS[status], "A fault was asked for")])
