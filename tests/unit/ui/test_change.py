"""What was changed, word by word, and how values are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.kit.ids import new_id
from throughcare.ui.change.model import Piece, compare, difference, title_of
from throughcare.ui.peers.changes import ChangedValues
from throughcare.ui.peers.referrals import User

BY = User(username="X", user_id="1", auth_source="delius")
TEXTS = st.text(alphabet="ab \n", max_size=40)


def marked(pieces: Sequence[Piece]) -> list[str]:
    return [one.text.strip() for one in pieces if one.marked]


def change(topic: str, old: Sequence[str], new: Sequence[str]) -> ChangedValues:
    return ChangedValues(
        changelog_id=new_id(), referral_id=new_id(), topic=topic, description="Thing", at=datetime.now(UTC),
        changed_by=BY, old_value=list(old), new_value=list(new),
    )  # fmt: skip


def test_words_that_differ_are_marked_on_their_side() -> None:
    old, new = difference("He lives in Leeds now with his aunt", "He lives in York with his aunt and uncle")
    assert marked(old) == ["Leeds now"]
    assert marked(new) == ["York", "and uncle"]


def test_texts_with_little_in_common_are_not_marked() -> None:
    old, new = difference("one two three four", "quite another story than the one before")
    assert (marked(old), marked(new)) == ([], [])


def test_white_space_alone_makes_no_difference() -> None:
    old, new = difference("one two", "one\ntwo")
    assert (marked(old), marked(new)) == ([], [])


def test_long_texts_of_the_same_words_are_shown_whole() -> None:
    old, new = difference("a b " * 1000, "b a " * 1000)
    assert [len(one) for one in (old, new)] == [1, 1]


@given(TEXTS, TEXTS)
def test_no_text_is_lost(old: str, new: str) -> None:
    before, after = difference(old, new)
    for text, pieces in ((old, before), (new, after)):
        assert "".join(one.text for one in pieces).split() == text.split()


def test_of_several_values_those_that_went_and_came_are_marked() -> None:
    found = compare(change("DESIRED_OUTCOMES", ["Keeps a job", "Finds a job"], ["Finds a job", "Learns"]), {})
    assert [marked(one) for one in found.old] == [["Keeps a job"], []]
    assert [marked(one) for one in found.new] == [[], ["Learns"]]
    assert found.marked


@pytest.mark.parametrize(
    ("topic", "value", "read"),
    [
        ("COMPLEXITY_LEVEL", "HIGH COMPLEXITY", "High complexity"),
        ("NEEDS_AND_REQUIREMENTS_INTERPRETER_REQUIRED", "Yes-French-Creole", "Yes: French-Creole"),
        ("COMPLETION_DATETIME", "04 Mar 2024", "4 March 2024"),
        ("EXPECTED_RELEASE_DATE", "04-Mar-2024", "4 March 2024"),
        ("EXPECTED_RELEASE_DATE", "The court decides", "The court decides"),
        ("PRISON_ESTABLISHMENT", "LDI", "Leeds (HMP)"),
        ("PRISON_ESTABLISHMENT", "ABC", "ABC"),
    ],
)
def test_values_are_read_as_pages_write_them(topic: str, value: str, read: str) -> None:
    found = compare(change(topic, [], [value]), {"LDI": "Leeds (HMP)"})
    assert ["".join(one.text for one in pieces) for pieces in found.new] == [read]
    assert found.old == []


@pytest.mark.parametrize(
    ("old", "new", "title"),
    [
        ([], ["04-Mar-2024"], "Expected release date added"),
        (["04-Mar-2024"], ["05-Mar-2024"], "Expected release date changed"),
        (["04-Mar-2024"], ["The court decides"], "Expected release date information changed"),
    ],
)
def test_the_title_says_what_became_of_a_release_date(old: list[str], new: list[str], title: str) -> None:
    assert title_of(change("EXPECTED_RELEASE_DATE", old, new)) == title
    assert title_of(change("OTHER", old, new)) == "Thing changed"
