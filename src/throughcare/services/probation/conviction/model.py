"""Sentences: what the case record calls an event, with its conviction, disposal and requirements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from throughcare.kit.errors import BadRequest, NotFound
from throughcare.services.probation.reference.model import RAR, sentence_types


class ConvictionNotFound(NotFound):
    """This case has no such conviction (404)."""

    code = "CONVICTION_NOT_FOUND"
    title = "The case has no such conviction"


class SentenceEndsBeforeStart(BadRequest):
    """The expected end lies before the start (400)."""

    code = "SENTENCE_ENDS_BEFORE_START"
    title = "The sentence would end before it starts"


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is passed."""

    description: str
    conviction_date: date
    start_date: date
    expected_end_date: date | None
    offence_category: str
    offence_sub_category: str

    def check(self) -> None:
        """Raises SentenceEndsBeforeStart."""
        if self.expected_end_date is not None and self.expected_end_date < self.start_date:
            raise SentenceEndsBeforeStart


@dataclass(frozen=True)
class Requirement:
    """A requirement of a sentence; ``rar_count`` is the number of days of rehabilitation activity so far."""

    id: int
    main_category: str
    rar_count: int

    @property
    def is_rar(self) -> bool:
        """Whether it is a rehabilitation activity requirement."""
        return self.main_category == RAR


@dataclass(frozen=True)
class Conviction:
    """A sentence on record, with its count of failures to comply since the start or the last breach."""

    id: int
    person_id: int
    number: int
    active: bool
    sentence: Sentence
    failure_count: int
    breach_end: date | None

    @property
    def failures_since(self) -> date:
        """The day from which failures to comply count."""
        return max(self.breach_end or self.sentence.start_date, self.sentence.start_date)

    @property
    def over_limit(self) -> bool:
        """Whether the failures call for a review of enforcement; kinds that are not listed have no limit."""
        kind = sentence_types().get(self.sentence.description)
        return kind is not None and self.failure_count > kind.failure_limit

    def with_failures(self, count: int) -> Conviction:
        """The sentence with its failures counted anew."""
        return replace(self, failure_count=count)
