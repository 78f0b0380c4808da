"""NSIs, registrations, sentences and whereabouts: what follows from what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.probation.contact.model import Kind, Outcome
from throughcare.services.probation.conviction.model import Conviction, Sentence
from throughcare.services.probation.custody.model import Custody, Status, is_news, released
from throughcare.services.probation.nsi.model import End, Ending, Nsi, Start, outcome_of
from throughcare.services.probation.nsi.model import Status as NsiStatus
from throughcare.services.probation.reference import model as reference
from throughcare.services.probation.registration.model import first_review

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)


def nsi() -> Nsi:
    start = Start(UUID(int=1), "ETE", NOON, 1, "Sent")
    return Nsi.of(start, person_id=1, requirement_id=None)


def ending(code: str = "CRS03", hours: int = 1) -> Ending:
    return Ending(UUID(int=1), NOON + timedelta(hours=hours), code, "Ended", None, "", "")


def test_an_nsi_ends_once_and_its_notes_grow_once() -> None:
    over = nsi().ended(ending())
    assert (over.status, over.notes, over.outcome_code) == (NsiStatus.COMPLETED, "Sent\n\nEnded", "CRS03")
    assert over.ended(ending()) == over
    assert over.closing_contacts(over) == []


def test_a_start_that_comes_late_changes_nothing_of_what_is_over() -> None:
    over = nsi().ended(ending())
    assert over.refreshed(Start(UUID(int=1), "ETE", NOON - timedelta(days=1), 1, "Late")) == over


@pytest.mark.parametrize(
    ("code", "flag", "expected"),
    [("MOV", True, "MOV"), ("MOV", False, "CRS01"), ("", True, "CRS01"), (None, True, "CRS01"), ("XXX", True, "CRS01")],
)
def test_a_withdrawal_gives_its_reason_where_those_are_recorded(code: str | None, flag: bool, expected: str) -> None:
    assert outcome_of(End.CANCELLED, code, withdrawals=flag) == expected


@given(st.dates(), st.sampled_from(sorted(reference.register_types())))
def test_a_first_review_is_never_before_the_start_and_on_the_same_day_of_the_month_if_there_is_one(
    start: date, code: str
) -> None:
    kind = reference.register_types()[code]
    review = first_review(start, kind)
    if review is None:
        assert kind.review_months is None or start.year == date.max.year
        return
    assert kind.review_months is not None
    assert (review.year - start.year) * 12 + review.month - start.month == kind.review_months
    assert review.day == start.day or (review.day < start.day and (review + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("description", "failures", "over"),
    [("ORA Community Order", 1, False), ("ORA Community Order", 2, True), ("CJA - Std Determinate Custody", 2, False),
     ("CJA - Std Determinate Custody", 3, True), ("Something else", 99, False)],
)  # fmt: skip
def test_a_sentence_bears_so_many_failures(description: str, failures: int, over: bool) -> None:
    sentence = Sentence(description, NOON.date(), NOON.date(), None, "Theft", "Shoplifting")
    assert Conviction(1, 1, 1, True, sentence, failures, None).over_limit is over


@pytest.mark.parametrize("breach", [None, date(2024, 1, 1), date(2024, 6, 1)])
def test_failures_count_from_the_start_or_the_end_of_the_last_breach(breach: date | None) -> None:
    sentence = Sentence("ORA Community Order", NOON.date(), date(2024, 3, 1), None, "Theft", "Shoplifting")
    since = Conviction(1, 1, 1, True, sentence, 0, breach).failures_since
    assert since == max(breach or date.min, date(2024, 3, 1))


def test_movements_in_any_order_lead_to_the_last_of_them() -> None:
    movements = [
        Custody(1, Status.IN_CUSTODY, "LEI", NOON),
        released(1, NOON + timedelta(hours=1), sentenced=True),
        Custody(1, Status.IN_CUSTODY, "MDI", NOON + timedelta(hours=2)),
    ]
    for order in permutations([*movements, movements[0], movements[2]]):
        known: Custody | None = None
        for one in order:
            known = one if is_news(known, one) else known
        assert known == movements[2]


def test_the_lists_know_every_code_that_is_written() -> None:
    assert set(Kind) <= set(reference.contact_types())
    assert set(Outcome) <= set(reference.contact_outcomes())
    assert set(End) <= set(reference.nsi_outcomes())
    assert set(reference.nsi_type_of_contract().values()) == set(reference.nsi_types())
    assert {"RLRH", "RMRH", "RHRH", "RVHR"} <= {
        code for code, kind in reference.register_types().items() if kind.group == "rosh"
    }
