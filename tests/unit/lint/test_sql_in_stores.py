from __future__ import annotations

import pytest
from tools.lint.sql_in_stores import check
from tools.lint.tree import Source


@pytest.mark.parametrize("code", ["from sqlalchemy import text", "import asyncpg", "import sqlalchemy.dialects"])
@pytest.mark.parametrize("name", ["usecases", "routes", "reactions", "model"])
def test_sql_outside_stores_and_views_is_refused(name: str, code: str) -> None:
    [finding] = check([Source(f"src/throughcare/services/prison/booking/{name}.py", code)])
    assert (finding.line, finding.rule) == (1, "sql-in-stores")


@pytest.mark.parametrize(
    "path",
    [
        "src/throughcare/services/prison/booking/store.py",
        "src/throughcare/services/prison/booking/views.py",
        "src/throughcare/services/prison/migrations/m0001_prisoners.py",
        "src/throughcare/kit/db/database.py",
        "tests/conftest.py",
    ],
)
def test_stores_views_migrations_the_kit_and_tests_may_use_it(path: str) -> None:
    assert list(check([Source(path, "from sqlalchemy import text")])) == []
