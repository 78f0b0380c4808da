"""How a subject access request is read and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from throughcare.services.interventions.refusal.model import Invalid, Refused
from throughcare.services.interventions.subject_access.model import (
    Period,
    check_identifiers,
    say_date,
    say_moment,
)
from throughcare.services.interventions.subject_access.routes import TEMPLATE
from throughcare.services.interventions.subject_access.schemas import Held


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2023, 1, 31, 19, 57, 27, tzinfo=UTC), "31 January 2023, 7:57:27 pm"),
        (datetime(2023, 7, 1, 23, 5, 0, tzinfo=UTC), "2 July 2023, 12:05:00 am"),
        (datetime(2023, 1, 1, 12, 0, 0, tzinfo=UTC), "1 January 2023, 12:00:00 pm"),
        (None, None),
    ],
)
def test_a_moment_is_said_as_on_a_clock_in_london(moment: datetime | None, said: str | None) -> None:
    assert say_moment(moment) == said


def test_a_day_is_said_in_words() -> None:
    assert (say_date(date(2023, 1, 31)), say_date(None)) == ("31 January 2023", None)


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        (None, None, True),
        (date(2023, 7, 2), date(2023, 7, 2), True),
        (date(2023, 7, 1), date(2023, 7, 1), False),
        (date(2023, 7, 3), None, False),
        (None, date(2023, 7, 2), True),
        (None, date(2023, 7, 1), False),
    ],
)
def test_both_days_of_a_period_count_as_days_in_london(first: date | None, last: date | None, held: bool) -> None:
    assert Period(first, last).holds([None, datetime(2023, 7, 1, 23, 5, tzinfo=UTC)]) is held


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid):
        Period(date(2023, 7, 2), date(2023, 7, 1))


def test_exactly_one_identifier_is_needed_and_a_prison_number_is_not_one_of_ours() -> None:
    assert (check_identifiers(None, " x123456 "), check_identifiers("A1234BC", None)) == ("X123456", None)
    for prn, crn in ((None, None), ("", ""), ("A1234BC", "X123456")):
        with pytest.raises(Refused):
            check_identifiers(prn, crn)


def fields(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        yield name
        for part in parts(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields(part)


def parts(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in {list, UnionType}:
        for one in get_args(annotation):
            yield from parts(one)
    else:
        yield annotation


def test_the_template_shows_everything_but_ids_and_names_nothing_else() -> None:
    shown = set(re.findall(r"\{\{[#/]?([a-z0-9_]+)\}\}", TEMPLATE))
    assert shown == set(fields(Held)) - {"id", "superseded_by_appointment_id", "service_user_crn"}
    opened, closed = re.findall(r"\{\{#(\w+)\}\}", TEMPLATE), re.findall(r"\{\{/(\w+)\}\}", TEMPLATE)
    assert sorted(opened) == sorted(closed)
