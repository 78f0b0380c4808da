from __future__ import annotations

import pytest
from tools.lint.time_and_ids import check
from tools.lint.tree import Source


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.utcnow()",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time()",
        "import uuid\nx = uuid.uuid4()",
        "x = 1\nfrom uuid import uuid4",
        "x = 1\nfrom time import time",
        "x = 1\nfield(default_factory=uuid.uuid4)",
    ],
)
def test_another_source_of_time_or_ids_is_refused(code: str) -> None:
    [finding] = check([Source("src/throughcare/services/a/b/model.py", code)])
    assert (finding.line, finding.rule) == (2, "time-and-ids")


@pytest.mark.parametrize(
    "code",
    [
        "x = clock.now()",
        "x = time.monotonic()",
        "from uuid import UUID",
        "x = uow.now",
        "row.time.isoformat()",
    ],
)
def test_the_clock_and_plain_types_are_let_through(code: str) -> None:
    assert list(check([Source("src/throughcare/services/a/b/model.py", code)])) == []


@pytest.mark.parametrize("home", ["src/throughcare/kit/clock.py", "src/throughcare/kit/ids.py", "tests/a.py"])
def test_the_source_itself_and_tests_are_let_through(home: str) -> None:
    assert list(check([Source(home, "from datetime import datetime\nx = datetime.now()")])) == []
