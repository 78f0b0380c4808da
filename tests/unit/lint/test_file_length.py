from __future__ import annotations

from tools.lint.file_length import check
from tools.lint.tree import Source


def test_a_file_of_400_lines_is_let_through() -> None:
    assert list(check([Source("src/a.py", "x = 1\n" * 400)])) == []


def test_a_file_of_401_lines_is_refused_where_it_grows_too_long() -> None:
    [finding] = check([Source("tests/a.py", "x = 1\n" * 401)])
    assert (finding.path, finding.line, finding.rule) == ("tests/a.py", 401, "file-length")
    assert finding.advice.startswith("401 lines")


def test_only_python_is_measured() -> None:
    assert list(check([Source("requirements.lock", "x\n" * 5000)])) == []
