"""How pages write what people read."""

from __future__ import annotations

from datetime import date

import pytest

from throughcare.kit.web.wording import born, error_list, file_size


@pytest.mark.parametrize(
    ("today", "said"),
    [(date(2024, 4, 11), "12 April 1985 (38 years old)"), (date(2024, 4, 12), "12 April 1985 (39 years old)"),
     (date(1986, 4, 12), "12 April 1985 (1 year old)")],
)  # fmt: skip
def test_a_date_of_birth_is_told_with_the_age_of_that_day(today: date, said: str) -> None:
    assert born(date(1985, 4, 12), today) == said


def test_who_was_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    assert born(date(2000, 2, 29), date(2023, 2, 28)) == "29 February 2000 (22 years old)"
    assert born(date(2000, 2, 29), date(2023, 3, 1)) == "29 February 2000 (23 years old)"


def test_an_error_leads_to_its_answer_or_to_the_page_that_asks_for_it() -> None:
    errors = [("Enter a name", "name"), ("Select a sentence", "/referrals/1/relevant-sentence")]
    assert [one["href"] for one in error_list(errors)] == ["#name", "/referrals/1/relevant-sentence"]


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_499, "1 KB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (1_250_000, "1.2 MB"),
    ],
)
def test_the_size_of_a_file_is_told_in_the_largest_unit(size: int, said: str) -> None:
    assert file_size(size) == said
