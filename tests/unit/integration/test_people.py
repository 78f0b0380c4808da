"""Who an event is about: identifier, prison and supervision status, and how each look-up may fail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.integration.made_up import MOMENT
from throughcare.services.integration.explanation.model import GivenRegisters
from throughcare.services.integration.person.model import Person, PersonNotFound, Question, UpstreamFailure
from throughcare.services.integration.person.usecases import answer

FAILS = {"error": 500}
IN_PRISON = {"prisonId": "LEI", "status": "ACTIVE IN"}
OUTSIDE = {"prisonId": "OUT", "status": "INACTIVE OUT"}
MANAGED = {"activeProbationManagedSentence": True, "nomsNumber": "A1234BC"}


async def asked(
    crn: str | None = None, number: str | None = None, *, needs_prison: bool = True, **given: dict[str, Any]
) -> Person | Exception:
    """The answer to one question, by the look-ups that are given."""
    registers = GivenRegisters(
        given.get("exists", {}), given.get("crns", {}), given.get("prisoners", {}), given.get("cases", {})
    )
    (found,) = await answer([Question(crn, number, needs_prison, MOMENT)], registers)
    return found


async def test_a_crn_that_exists_is_the_identifier() -> None:
    assert await asked("X1", exists={"X1": True}) == Person("X1", None, "UNKNOWN")


async def test_a_prison_number_becomes_the_crn_where_there_is_one() -> None:
    found = await asked(number="A1234BC", crns={"A1234BC": "X1"}, prisoners={"A1234BC": IN_PRISON})
    assert found == Person("X1", "LEI", "UNKNOWN")
    alone = await asked(number="A1234BC", prisoners={"A1234BC": IN_PRISON})
    assert alone == Person("A1234BC", "LEI", "PRISONS")


@pytest.mark.parametrize("missing", [{}, {"X1": False}, {"X1": {"error": 404}}, {"X1": {"error": 409}}])
async def test_an_unknown_crn_falls_back_to_the_prison_number_or_is_an_error(missing: dict[str, Any]) -> None:
    assert isinstance(await asked("X1", exists=missing), PersonNotFound)
    assert await asked("X1", "A1234BC", exists=missing, crns={"A1234BC": "X2"}) == Person("X2", None, "UNKNOWN")
    assert await asked("X1", "A1234BC", exists=missing) == Person("A1234BC", None, "UNKNOWN")


async def test_nobody_is_no_error() -> None:
    assert await asked() == Person(None, None, "UNKNOWN")


async def test_a_look_up_of_identity_that_fails_is_a_failure() -> None:
    assert isinstance(await asked("X1", exists={"X1": FAILS}), UpstreamFailure)
    assert isinstance(await asked(number="A1234BC", crns={"A1234BC": FAILS}), UpstreamFailure)
    assert await asked("X1", "A1234BC", exists={"X1": True}, crns={"A1234BC": FAILS}) == Person("X1", None, "UNKNOWN")


async def test_a_failing_prison_look_up_matters_only_when_the_prison_is_needed() -> None:
    failing = {"A1234BC": FAILS}
    assert isinstance(await asked(number="A1234BC", prisoners=failing), UpstreamFailure)
    found = await asked(number="A1234BC", needs_prison=False, prisoners=failing)
    assert found == Person("A1234BC", None, "UNKNOWN")


@pytest.mark.parametrize(
    ("case", "prisoner", "status"),
    [
        (MANAGED, IN_PRISON, "PRISONS"),
        (MANAGED, {**IN_PRISON, "status": "ACTIVE OUT"}, "PRISONS"),
        (MANAGED, OUTSIDE, "PROBATION"),
        ({**MANAGED, "activeProbationManagedSentence": False}, OUTSIDE, "NONE"),
        ({"nomsNumber": "A1234BC"}, OUTSIDE, "NONE"),
        ({"activeProbationManagedSentence": True}, None, "PROBATION"),
        ({}, None, "NONE"),
        (MANAGED, None, "UNKNOWN"),
        (MANAGED, FAILS, "UNKNOWN"),
        (None, OUTSIDE, "UNKNOWN"),
        (FAILS, OUTSIDE, "UNKNOWN"),
    ],
)
async def test_the_supervision_status_of_a_case(case: object, prisoner: object, status: str) -> None:
    found = await asked("X1", exists={"X1": True}, cases={"X1": case}, prisoners={"A1234BC": prisoner})
    assert found == Person("X1", None, status)


@pytest.mark.parametrize(
    ("case", "prisoner", "status"),
    [
        (None, IN_PRISON, "PRISONS"), (None, OUTSIDE, "UNKNOWN"), (None, None, "UNKNOWN"),
        (MANAGED, OUTSIDE, "PROBATION"), ({}, OUTSIDE, "NONE"), (FAILS, IN_PRISON, "PRISONS"),
    ],
)  # fmt: skip
async def test_the_supervision_status_of_a_prisoner_whom_probation_does_not_know(
    case: object, prisoner: object, status: str
) -> None:
    found = await asked(number="A1234BC", cases={"A1234BC": case}, prisoners={"A1234BC": prisoner})
    assert isinstance(found, Person)
    assert found.supervision_status == status


async def test_somebody_outside_counts_for_the_prison_that_they_left_where_it_is_known() -> None:
    left = {**OUTSIDE, "lastPrisonId": "MDI"}
    assert await asked(number="A1234BC", prisoners={"A1234BC": left}) == Person("A1234BC", "MDI", "UNKNOWN")
    assert await asked(number="A1234BC", prisoners={"A1234BC": OUTSIDE}) == Person("A1234BC", "OUT", "UNKNOWN")


async def test_the_answers_stand_in_the_order_of_the_questions_and_fail_each_for_itself() -> None:
    registers = GivenRegisters({"X1": True, "X2": FAILS}, {"A1": "X9"}, {}, {})
    questions = [Question("X1", None, True, MOMENT), Question("X2", None, True, MOMENT),
                 Question(None, "A1", True, MOMENT), Question("X3", None, True, MOMENT)]  # fmt: skip
    first, second, third, fourth = await answer(questions, registers)
    assert (first, third) == (Person("X1", None, "UNKNOWN"), Person("X9", None, "UNKNOWN"))
    assert isinstance(second, UpstreamFailure)
    assert isinstance(fourth, PersonNotFound)
