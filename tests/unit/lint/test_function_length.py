from __future__ import annotations

import pytest
from tools.lint.function_length import check
from tools.lint.tree import Source


def _function(lines: int, keyword: str = "def") -> str:
    return f"{keyword} long():\n" + "    x = 1\n" * (lines - 1)


def test_a_function_of_40_lines_is_let_through() -> None:
    assert list(check([Source("src/a.py", _function(40))])) == []


@pytest.mark.parametrize("keyword", ["def", "async def"])
def test_a_function_of_41_lines_is_refused_by_name(keyword: str) -> None:
    [finding] = check([Source("src/a.py", "import os\n" + _function(41, keyword))])
    assert (finding.line, finding.rule) == (2, "function-length")
    assert finding.advice.startswith("long has 41 lines")


def test_a_method_is_measured_too() -> None:
    method = "class A:\n" + "".join(f"    {line}\n" for line in _function(41).splitlines())
    assert [finding.line for finding in check([Source("src/a.py", method)])] == [2]


def test_tests_may_be_longer() -> None:
    assert list(check([Source("tests/a.py", _function(80))])) == []
