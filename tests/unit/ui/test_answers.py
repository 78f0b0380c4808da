"""Answers compared, whether they were typed or are saved, and told in words."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from throughcare.ui.fields import Choice, ClockTime, Day, Line, Minutes, Several, differences, fingerprint, told
from throughcare.ui.form import PageForm

OFFERED = [("a", "An answer"), ("b", "Another")]


class Answers(PageForm):
    """One of each kind."""

    line, day, at, length = Line(what="Line"), Day(what="Day"), ClockTime(what="Time"), Minutes(what="Length")
    choice, several = Choice(required="Choose", choices=OFFERED), Several(choices=OFFERED)


def test_the_same_answers_have_one_fingerprint_however_they_are_held() -> None:
    saved = {"text": "a\nb", "days": 10, "picked": ["b", "a"], "none": None}
    assert fingerprint(saved) == fingerprint({"picked": ["a", "b"], "days": "10", "text": " a\r\nb "})
    assert fingerprint(saved) != fingerprint({**saved, "days": 11})
    assert fingerprint({}) == fingerprint({"text": "", "picked": []})


def test_answers_that_differ_are_named_in_their_order() -> None:
    saved = {"text": "a", "days": 10, "picked": ["a"]}
    assert differences(saved, {"text": "b", "days": "10", "picked": ["a", "b"], "other": "x"}) == ["text", "picked"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("line", "Words", "Words"), ("line", None, "Nothing"), ("day", date(2024, 3, 4), "4 March 2024"),
     ("at", time(13, 5), "1:05pm"), ("length", 90, "90 minutes"), ("choice", "b", "Another"), ("choice", "", "Nothing"),
     ("several", ["b", "a"], "An answer\nAnother"), ("several", ["gone"], "gone")],
)  # fmt: skip
def test_an_answer_is_told_as_its_page_offers_it(name: str, value: Any, said: str) -> None:
    assert told(Answers()[name], value) == said
