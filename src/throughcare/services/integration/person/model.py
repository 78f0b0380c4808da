"""What is asked and answered about a person.

Rules of the public ``ministryofjustice/hmpps-integration-api``, except that a CRN which probation does not know falls
back to the prison number, and that someone outside counts for the prison they left when the index names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PRISON_NUMBER = re.compile(r"[A-Z]\d{4}[A-Z]{2}")
PSEUDO_PRISONS = frozenset({"OUT", "TRN"})


class PersonNotFound(LookupError):
    """Probation does not know the CRN, and there is no prison number to fall back to; it may know it later."""


class UpstreamFailure(RuntimeError):
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


@dataclass(frozen=True)
class Known:
    """What probation said: whether a CRN exists, the CRN of a prison number, and the case of either.

    Each holds an entry for everything that was asked, ``FAILED`` where no answer came.
    """

    exists: Mapping[str, bool | Failed]
    crns: Mapping[str, str | Failed | None]
    cases: Mapping[str, Case | Failed | None]

    def case(self, identifier: str | None) -> Case | None:
        """The case of a CRN or prison number; None when there is none, or nobody could say."""
        found = self.cases.get(identifier) if identifier is not None else None
        return found if isinstance(found, Case) else None


Prisoners = Mapping[str, Prisoner | Failed | None]
Wanted = Mapping[str, datetime]
"""Identifiers that are asked for, each with the moment that an answer must be younger than."""


class Registers(Protocol):
    """Whoever can say who people are. No question raises: what cannot be answered is ``FAILED``."""

    async def probation(self, crns: Wanted, prison_numbers: Wanted) -> Known:
        """What probation knows under these identifiers."""

    async def prisoners(self, prison_numbers: Wanted) -> Prisoners:
        """Where prisoner search has these prisoners; None for a number that nobody has."""


def identify(question: Question, known: Known) -> str | None:
    """The identifier that consumers know the person by: the CRN where there is one, else the prison number.

    Raises PersonNotFound, UpstreamFailure.
    """
    if question.crn is not None:
        there = known.exists[question.crn]
        if isinstance(there, Failed):
            raise UpstreamFailure("whether the CRN exists")
        if there:
            return question.crn
        if question.prison_number is None:
            raise PersonNotFound
    if question.prison_number is None:
        return None
    crn = known.crns[question.prison_number]
    if isinstance(crn, Failed):
        raise UpstreamFailure("the CRN of a prison number")
    return crn or question.prison_number


def status_number(hmpps_id: str | None, known: Known) -> str | None:
    """The prison number that decides the supervision status: the identifier itself, or the case's."""
    if hmpps_id is None or is_prison_number(hmpps_id):
        return hmpps_id
    case = known.case(hmpps_id)
    return case.prison_number if case is not None else None


def describe(question: Question, hmpps_id: str | None, known: Known, prisoners: Prisoners) -> Person:
    """The person, with prison and supervision status. Raises UpstreamFailure when the prison is needed and unknown."""
    here = prisoners.get(question.prison_number) if question.prison_number else None
    if isinstance(here, Failed) and question.needs_prison:
        raise UpstreamFailure("the prison of a prisoner")
    number = status_number(hmpps_id, known)
    status = supervision_status(hmpps_id, known.case(hmpps_id), prisoners.get(number) if number else None, number)
    return Person(hmpps_id, here.prison if isinstance(here, Prisoner) else None, status)


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
