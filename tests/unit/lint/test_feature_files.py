from __future__ import annotations

import pytest
from tools.lint.feature_files import check
from tools.lint.tree import Source


@pytest.mark.parametrize("inner", ["booking/queries.py", "booking/rules/age.py", "booking/helpers.py"])
def test_another_file_in_a_feature_is_refused(inner: str) -> None:
    [finding] = check([Source(f"src/throughcare/services/prison/{inner}", "")])
    assert finding.rule == "feature-files"


@pytest.mark.parametrize(
    "inner",
    [
        "__init__.py",
        "settings.py",
        "booking/__init__.py",
        "booking/routes.py",
        "booking/usecases.py",
        "booking/model.py",
        "peers/probation.py",
        "dev/seeds.py",
        "migrations/m0001_prisoners.py",
        "booking/templates/page.html",
    ],
)
def test_the_nine_names_and_the_service_s_own_folders_are_let_through(inner: str) -> None:
    assert list(check([Source(f"src/throughcare/services/prison/{inner}", "")])) == []


def test_the_kit_is_free() -> None:
    assert list(check([Source("src/throughcare/kit/messaging/pgmq_sql.py", "")])) == []
