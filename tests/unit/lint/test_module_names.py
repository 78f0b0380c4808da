from __future__ import annotations

import pytest
from tools.lint.module_names import check
from tools.lint.tree import Source


@pytest.mark.parametrize(
    "path", ["src/throughcare/kit/utils.py", "src/throughcare/common/__init__.py", "tests/service/helpers.py"]
)
def test_a_name_that_says_nothing_is_refused(path: str) -> None:
    [finding] = check([Source(path, "")])
    assert (finding.path, finding.rule) == (path, "module-names")


@pytest.mark.parametrize("path", ["src/throughcare/kit/database.py", "docs/base.md"])
def test_other_names_and_other_files_are_let_through(path: str) -> None:
    assert list(check([Source(path, "")])) == []
