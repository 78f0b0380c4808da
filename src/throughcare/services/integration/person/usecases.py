"""Look people up: a batch at a time, with as many calls as for one, side by side, and never inside a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.gateway import Gateway
from throughcare.services.integration.peers.prisoner_search import FoundPrisoner, PrisonerSearchPeer
from throughcare.services.integration.peers.probation import KnownCase, ProbationPeer
from throughcare.services.integration.person.model import (
    FAILED,
    Case,
    Failed,
    Known,
    Person,
    PersonNotFound,
    Prisoner,
    Prisoners,
    Question,
    Registers,
    UpstreamFailure,
    Wanted,
    describe,
    identify,
    status_number,
)
from throughcare.services.integration.settings import IntegrationSettings

MAX_ENTRIES = 20_000

V = TypeVar("V")
Answer = Person | PersonNotFound | UpstreamFailure


async def look_up(ctx: Context, questions: Sequence[Question]) -> list[Answer]:
    """Who each question is about, asked of the running services: three calls at most, however many questions."""
    return await answer(questions, PeerRegisters(ctx))


async def answer(questions: Sequence[Question], registers: Registers) -> list[Answer]:
    """Who each question is about; PersonNotFound or UpstreamFailure stands where that cannot be said."""
    numbers = _latest((question.prison_number, question) for question in questions)
    crns = _latest((question.crn, question) for question in questions)
    known, prisoners = await asyncio.gather(registers.probation(crns, numbers), registers.prisoners(numbers))
    ids = [_identified(question, known) for question in questions]
    further = _latest(
        (status_number(one, known), question)
        for one, question in zip(ids, questions, strict=True)
        if not isinstance(one, Exception)
    )
    further = {number: since for number, since in further.items() if number not in prisoners}
    if further:
        prisoners = {**prisoners, **await registers.prisoners(further)}
    return [_described(question, one, known, prisoners) for question, one in zip(questions, ids, strict=True)]


def _identified(question: Question, known: Known) -> str | PersonNotFound | UpstreamFailure | None:
    try:
        return identify(question, known)
    except (PersonNotFound, UpstreamFailure) as error:
        return error


def _described(
    question: Question, found: str | PersonNotFound | UpstreamFailure | None, known: Known, prisoners: Prisoners
) -> Answer:
    if isinstance(found, PersonNotFound | UpstreamFailure):
        return found
    try:
        return describe(question, found, known, prisoners)
    except UpstreamFailure as error:
        return error


def _latest(pairs: Iterable[tuple[str | None, Question]]) -> dict[str, datetime]:
    wanted: dict[str, datetime] = {}
    for key, question in pairs:
        if key is not None:
            wanted[key] = max(question.since, wanted.get(key, question.since))
    return wanted


@dataclass
class Answers(Generic[V]):
    """Answers of one kind, each used again for a short while, and never for an event that is younger than it."""

    held: dict[str, tuple[V, datetime, float]] = field(default_factory=dict)

    def fresh(self, wanted: Wanted, max_age: float) -> dict[str, V]:
        """The answers that were given after the moment that is asked for and are not too old."""
        oldest = monotonic() - max_age
        hits = ((key, since, self.held.get(key)) for key, since in wanted.items())
        return {key: hit[0] for key, since, hit in hits if hit is not None and hit[1] > since and hit[2] >= oldest}

    def keep(self, answers: Mapping[str, V], asked_at: datetime) -> None:
        """Remember answers; the oldest go when there are too many."""
        now = monotonic()
        for key, one in answers.items():
            self.held.pop(key, None)
            self.held[key] = (one, asked_at, now)
        for key in list(self.held)[: max(0, len(self.held) - MAX_ENTRIES)]:
            del self.held[key]


@dataclass
class Memory:
    """What one process remembers of its look-ups."""

    by_crn: Answers[KnownCase] = field(default_factory=Answers)
    by_number: Answers[KnownCase | None] = field(default_factory=Answers)
    prisoners: Answers[Prisoner | None] = field(default_factory=Answers)


_memories: WeakKeyDictionary[Gateway, Memory] = WeakKeyDictionary()


class PeerRegisters:
    """Probation and prisoner search, asked over HTTP, with a memory of a few seconds.

    That nobody has a CRN is not remembered: the case may have been opened a moment ago.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._memory = _memories.setdefault(ctx.runtime.gateway, Memory())
        self._max_age = ctx.settings(IntegrationSettings).lookup_max_age

    async def probation(self, crns: Wanted, prison_numbers: Wanted) -> Known:
        """What probation knows under these identifiers, in one call."""
        by_crn: dict[str, KnownCase | Failed | None] = {**self._memory.by_crn.fresh(crns, self._max_age)}
        by_number: dict[str, KnownCase | Failed | None] = {
            **self._memory.by_number.fresh(prison_numbers, self._max_age)
        }
        missing = [one for one in crns if one not in by_crn], [one for one in prison_numbers if one not in by_number]
        if any(missing):
            asked_at = self._ctx.now
            try:
                found = await self._ctx.peer(ProbationPeer).known_cases(*missing)
            except ServiceError:
                by_crn |= dict.fromkeys(missing[0], FAILED)
                by_number |= dict.fromkeys(missing[1], FAILED)
            else:
                of_crn, of_number = {one.crn: one for one in found}, {one.noms_number: one for one in found}
                self._memory.by_crn.keep({one: of_crn[one] for one in missing[0] if one in of_crn}, asked_at)
                self._memory.by_number.keep({one: of_number.get(one) for one in missing[1]}, asked_at)
                by_crn |= {one: of_crn.get(one) for one in missing[0]}
                by_number |= {one: of_number.get(one) for one in missing[1]}
        return _known(by_crn, by_number)

    async def prisoners(self, prison_numbers: Wanted) -> Prisoners:
        """Where prisoner search has these prisoners, in one call."""
        found: dict[str, Prisoner | Failed | None] = {**self._memory.prisoners.fresh(prison_numbers, self._max_age)}
        missing = [one for one in prison_numbers if one not in found]
        if missing:
            asked_at = self._ctx.now
            try:
                answers = await self._ctx.peer(PrisonerSearchPeer).prisoners(missing)
            except ServiceError:
                return {**found, **dict.fromkeys(missing, FAILED)}
            here = {one.prisoner_number: _prisoner(one) for one in answers}
            new = {one: here.get(one) for one in missing}
            self._memory.prisoners.keep(new, asked_at)
            found |= new
        return found


def _known(
    by_crn: Mapping[str, KnownCase | Failed | None], by_number: Mapping[str, KnownCase | Failed | None]
) -> Known:
    exists = {crn: one if isinstance(one, Failed) else one is not None for crn, one in by_crn.items()}
    crns = {number: one.crn if isinstance(one, KnownCase) else one for number, one in by_number.items()}
    cases = {key: _case(one) for key, one in (*by_crn.items(), *by_number.items())}
    cases |= {one.crn: _case(one) for one in by_number.values() if isinstance(one, KnownCase)}
    return Known(exists, crns, cases)


def _case(one: KnownCase | Failed | None) -> Case | Failed | None:
    return Case(one.noms_number, one.active_probation_managed_sentence) if isinstance(one, KnownCase) else one


def _prisoner(one: FoundPrisoner) -> Prisoner:
    return Prisoner(one.prison_id, one.status, one.last_prison_id)
