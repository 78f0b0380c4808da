from __future__ import annotations

from tools.lint.commits import check
from tools.lint.tree import Source


def test_a_commit_by_hand_is_refused() -> None:
    [finding] = check([Source("src/throughcare/services/a/b/usecases.py", "async def f():\n    await c.commit()")])
    assert (finding.line, finding.rule) == (2, "no-commit")


def test_the_unit_of_work_commits() -> None:
    assert list(check([Source("src/throughcare/kit/db/unit_of_work.py", "c.commit()")])) == []


def test_a_name_that_only_contains_it_is_let_through() -> None:
    assert list(check([Source("src/throughcare/a.py", "uow.after_commit(call)\nuow.with_commit(x)")])) == []
