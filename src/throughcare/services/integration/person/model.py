"""What is asked and answered about a person.

Rules of the public ``ministryofjustice/hmpps-integration-api``, except that a CRN which probation does not know falls
back to the prison number, and that someone outside counts for the prison they left when the index names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

PRISON_NUMBER = re.compile(r"[A-Z]\d{4}[A-Z]{2}")
PSEUDO_PRISONS = frozenset({"OUT", "TRN"})


class PersonNotFound(Exception):
    """Probation does not know the CRN, and there is no prison number to fall back to; it may know it later."""


class UpstreamFailure(Exception):
    """A look-up that the event cannot do without was not answered; it may be later."""


class Failed:
    """Stands for an answer that did not come."""


FAILED = Failed()


@dataclass(frozen=True)
class Question:
    """What a domain event says about the person. Answers from before ``since`` are too old for it."""

    crn: str | None
    prison_number: str | None
    needs_prison: bool
    since: datetime


@dataclass(frozen=True)
class Prisoner:
    """Where prisoner search has somebody."""

    prison_id: str | None
    status: str | None
    last_prison_id: str | None = None

    @property
    def prison(self) -> str | None:
        """The prison that a change concerns: the last one for somebody outside or in transit, where it is known."""
        if self.prison_id in PSEUDO_PRISONS:
            return self.last_prison_id or self.prison_id
        return self.prison_id or None


@dataclass(frozen=True)
class Case:
    """A probation case, as far as it is needed."""

    prison_number: str | None
    managed: bool


@dataclass(frozen=True)
class Person:
    """The answer: ``prison_id`` is the one that prisoner search gave."""

    hmpps_id: str | None
    prison_id: str | None
    supervision_status: str


NOBODY = Person(None, None, "UNKNOWN")


def is_prison_number(value: str) -> bool:
    """Whether an identifier has the form of a prison number."""
    return PRISON_NUMBER.fullmatch(value) is not None


def supervision_status(
    hmpps_id: str | None, case: Case | None, prisoner: Prisoner | Failed | None, prison_number: str | None
) -> str:
    """PRISONS, PROBATION, NONE or UNKNOWN. ``prisoner`` is who has ``prison_number``, if it is known."""
    if hmpps_id is None or (case is None and prison_number is None):
        return "UNKNOWN"
    if prison_number is not None:
        if not isinstance(prisoner, Prisoner):
            return "UNKNOWN"
        if (prisoner.status or "").startswith("ACTIVE"):
            return "PRISONS"
    if case is None:
        return "UNKNOWN"
    return "PROBATION" if case.managed else "NONE"
