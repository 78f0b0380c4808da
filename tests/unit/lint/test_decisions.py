from __future__ import annotations

import pytest
from tools.lint.decisions import check
from tools.lint.tree import Source


def test_numbered_short_decisions_are_let_through() -> None:
    pages = [
        Source("docs/decisions/0001-a-thing.md", "x\n" * 60),
        Source("docs/decisions/0002-another.md", "x\n"),
    ]
    assert list(check(pages)) == []


@pytest.mark.parametrize("name", ["a-thing.md", "1-a-thing.md", "0001_a_thing.md", "0001-A-Thing.md"])
def test_a_decision_without_a_number_is_refused(name: str) -> None:
    [finding] = check([Source(f"docs/decisions/{name}", "x\n")])
    assert (finding.rule, finding.advice) == ("decisions", "name it NNNN-what-was-decided.md")


def test_a_number_is_used_once() -> None:
    pages = [Source("docs/decisions/0001-a.md", "x\n"), Source("docs/decisions/0001-b.md", "x\n")]
    [finding] = check(pages)
    assert finding.path == "docs/decisions/0001-b.md"
    assert "0001-a.md" in finding.advice


def test_a_long_decision_is_refused() -> None:
    [finding] = check([Source("docs/decisions/0001-a.md", "x\n" * 61)])
    assert finding.advice.startswith("61 lines")


def test_other_pages_are_free() -> None:
    assert list(check([Source("docs/architecture.md", "x\n" * 500)])) == []
