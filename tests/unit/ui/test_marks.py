"""What was searched for is marked in what was found."""

from __future__ import annotations

import pytest

from throughcare.ui.search.model import marked_name, marked_number


def shown(pieces: list[tuple[str, bool]]) -> str:
    return "".join(f"[{text}]" if marked else text for text, marked in pieces)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [("Catherine Smith", "smith", "Catherine [Smith]"), ("Catherine Smith", "SMITH cath", "[Cath]erine [Smith]"),
     ("Jon Smythe", "smith", "Jon [Smythe]"), ("Katherine Smith", "catherine", "[Katherine] Smith"),
     ("Anne-Marie O'Neill", "marie", "Anne-[Marie] O'Neill"), ("Wei Li", "zzz", "Wei Li"), ("Li Li", "li", "[Li] [Li]"),
     ("<b>", "<b>", "[<b>]")],
)  # fmt: skip
def test_the_parts_of_a_name_that_were_meant_are_marked(name: str, text: str, expected: str) -> None:
    pieces = marked_name(name, text)
    assert shown(pieces) == expected
    assert "".join(piece for piece, _ in pieces) == name


@pytest.mark.parametrize(
    ("number", "text", "expected"),
    [("X123456", "1234", "X[1234]56"), ("AB1234CD", "ab 1234 cd", "[AB1234CD]"), ("X123456", "smith", "X123456"),
     ("X123456", "smith x123", "[X123]456")],
)  # fmt: skip
def test_the_part_of_a_number_that_was_meant_is_marked(number: str, text: str, expected: str) -> None:
    assert shown(marked_number(number, text)) == expected
