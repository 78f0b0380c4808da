"""Look people up: a batch at a time, each question once, side by side, and never inside a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.gateway import Gateway
from throughcare.services.integration.peers.prisoner_search import PrisonerSearchPeer
from throughcare.services.integration.peers.probation import ProbationPeer
from throughcare.services.integration.person.model import (
    FAILED,
    Case,
    Failed,
    Person,
    PersonNotFound,
    Prisoner,
    Question,
    UpstreamFailure,
    is_prison_number,
    supervision_status,
)
from throughcare.services.integration.settings import IntegrationSettings

MAX_AT_ONCE = 16
MAX_ENTRIES = 20_000

V = TypeVar("V")
Ask = Callable[[str], Awaitable[V]]


@dataclass
class Answers(Generic[V]):
    """Answers of one kind, each used again for a short while, and never for an event that is younger than it."""

    held: dict[str, tuple[V, datetime, float]] = field(default_factory=dict)

    def fresh(self, key: str, since: datetime, max_age: float) -> tuple[V] | None:
        """The answer for ``key`` if it was given after ``since`` and is not too old."""
        found = self.held.get(key)
        if found is None or found[1] <= since or monotonic() - found[2] > max_age:
            return None
        return (found[0],)

    def keep(self, key: str, answer: V, asked_at: datetime) -> None:
        """Remember an answer; the oldest go when there are too many."""
        self.held.pop(key, None)
        self.held[key] = (answer, asked_at, monotonic())
        while len(self.held) > MAX_ENTRIES:
            del self.held[next(iter(self.held))]


@dataclass
class Memory:
    """What one process remembers of its look-ups."""

    exists: Answers[bool] = field(default_factory=Answers)
    crns: Answers[str | None] = field(default_factory=Answers)
    prisoners: Answers[Prisoner | None] = field(default_factory=Answers)
    cases: Answers[Case | None] = field(default_factory=Answers)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_AT_ONCE))


_memories: WeakKeyDictionary[Gateway, Memory] = WeakKeyDictionary()


async def look_up(ctx: Context, questions: Sequence[Question]) -> list[Person | Exception]:
    """Who each question is about; PersonNotFound or UpstreamFailure stands where that cannot be said.

    Three rounds of calls at most, however many questions there are; in each, every distinct call is made once.
    """
    memory = _memories.setdefault(ctx.runtime.gateway, Memory())
    return await _Batch(ctx, memory).people(questions)


class _Batch:
    def __init__(self, ctx: Context, memory: Memory) -> None:
        self._ctx, self._memory = ctx, memory
        self._max_age = ctx.settings(IntegrationSettings).lookup_max_age
        self._probation, self._search = ctx.peer(ProbationPeer), ctx.peer(PrisonerSearchPeer)

    async def people(self, questions: Sequence[Question]) -> list[Person | Exception]:
        exists, crns, prisoners = await asyncio.gather(
            self._ask(self._memory.exists, _latest((q.crn, q) for q in questions), self._probation.exists),
            self._ask(self._memory.crns, _latest(_to_convert(questions)), self._probation.crn_of),
            self._ask(self._memory.prisoners, _latest((q.prison_number, q) for q in questions), self._prisoner),
        )
        lost = {q.prison_number: q.since for q in questions if q.prison_number and _unknown(q, exists)}
        more_crns = await self._ask(self._memory.crns, lost, self._probation.crn_of)
        crns |= more_crns
        ids = [_hmpps_id(q, exists, crns) for q in questions]
        known = [(one, q) for one, q in zip(ids, questions, strict=True) if isinstance(one, str)]
        cases = await self._ask(self._memory.cases, _latest(known), self._case)
        numbers = [(_prison_number(one, cases), q) for one, q in known]
        missing = {key: since for key, since in _latest(numbers).items() if key not in prisoners}
        more_prisoners = await self._ask(self._memory.prisoners, missing, self._prisoner)
        prisoners |= more_prisoners
        return [_person(q, one, cases, prisoners) for q, one in zip(questions, ids, strict=True)]

    async def _ask(self, answers: Answers[V], wanted: Mapping[str, datetime], ask: Ask[V]) -> dict[str, V | Failed]:
        hits = {key: answers.fresh(key, since, self._max_age) for key, since in wanted.items()}
        found: dict[str, V | Failed] = {key: hit[0] for key, hit in hits.items() if hit is not None}

        async def one(key: str) -> None:
            answer = await self._one(answers, key, ask)
            found[key] = answer

        await asyncio.gather(*(one(key) for key in wanted if key not in found))
        return found

    async def _one(self, answers: Answers[V], key: str, ask: Ask[V]) -> V | Failed:
        async with self._memory.slots:
            asked_at = self._ctx.now
            try:
                answer = await ask(key)
            except ServiceError:
                return FAILED
        if answer is not False:
            answers.keep(key, answer, asked_at)
        return answer

    async def _prisoner(self, prison_number: str) -> Prisoner | None:
        found = await self._search.prisoner(prison_number)
        return None if found is None else Prisoner(found.prison_id, found.status, found.last_prison_id)

    async def _case(self, hmpps_id: str) -> Case | None:
        if is_prison_number(hmpps_id):
            found = await self._probation.case(prison_number=hmpps_id)
        else:
            found = await self._probation.case(crn=hmpps_id)
        return None if found is None else Case(found.other_ids.noms_number, found.active_probation_managed_sentence)


def _latest(pairs: Iterable[tuple[str | None, Question]]) -> dict[str, datetime]:
    wanted: dict[str, datetime] = {}
    for key, question in pairs:
        if key is not None:
            wanted[key] = max(question.since, wanted.get(key, question.since))
    return wanted


def _to_convert(questions: Sequence[Question]) -> list[tuple[str | None, Question]]:
    return [(q.prison_number, q) for q in questions if q.crn is None]


def _unknown(question: Question, exists: Mapping[str, bool | Failed]) -> bool:
    return question.crn is not None and exists[question.crn] is False


def _hmpps_id(
    question: Question, exists: Mapping[str, bool | Failed], crns: Mapping[str, str | Failed | None]
) -> str | Exception | None:
    if question.crn is not None:
        there = exists[question.crn]
        if isinstance(there, Failed):
            return UpstreamFailure("whether the CRN exists")
        if there:
            return question.crn
        if question.prison_number is None:
            return PersonNotFound()
    if question.prison_number is None:
        return None
    crn = crns[question.prison_number]
    return UpstreamFailure("the CRN of a prison number") if isinstance(crn, Failed) else crn or question.prison_number


def _prison_number(hmpps_id: str, cases: Mapping[str, Case | Failed | None]) -> str | None:
    if is_prison_number(hmpps_id):
        return hmpps_id
    case = cases.get(hmpps_id)
    return case.prison_number if isinstance(case, Case) else None


def _person(
    question: Question, hmpps_id: str | Exception | None, cases: Mapping[str, Case | Failed | None],
    prisoners: Mapping[str, Prisoner | Failed | None],
) -> Person | Exception:  # fmt: skip
    if isinstance(hmpps_id, Exception):
        return hmpps_id
    here = prisoners.get(question.prison_number) if question.prison_number else None
    if isinstance(here, Failed) and question.needs_prison:
        return UpstreamFailure("the prison of a prisoner")
    case = cases.get(hmpps_id) if hmpps_id is not None else None
    number = _prison_number(hmpps_id, cases) if hmpps_id is not None else None
    status = supervision_status(
        hmpps_id, case if isinstance(case, Case) else None, prisoners.get(number) if number else None, number
    )
    return Person(hmpps_id, here.prison if isinstance(here, Prisoner) else None, status)
