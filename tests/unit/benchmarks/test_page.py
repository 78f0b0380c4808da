"""What the page and the JSON say of figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.frame import Benchmark, Beside, Budget, Figure, Result
from benchmarks.page import as_json, rows, write

SLOW = Figure(
    "authenticated read", "requests/s", [900.0, 1100.0, 1000.0], Beside("bare route", [2000.0, 2000.0, 2000.0]),
    Budget(0.75, of_ratio=True), "Writing the log takes a fifth of it.",
)  # fmt: skip
QUICK = Figure("help", "s", [0.1234], budget=Budget(0.3, at_most=True))
PLAIN = Figure("relay", "events/s", [6543.2])
RESULTS = [
    Result(Benchmark("requests", "\nWhat it is.\n", lambda _: [SLOW]), [SLOW], 0.25),
    Result(Benchmark("rest", "Else.", lambda _: [QUICK]), [QUICK, PLAIN], 7),
]
MACHINE = {"date": "2024-03-04 12:00 UTC", "commit": "abc1234"}


def test_every_budget_is_said_to_be_met_or_missed_and_a_missed_one_why() -> None:
    page = write(RESULTS, MACHINE)
    assert "| authenticated read | 1,000 requests/s, 0.5 × bare route | ≥ 0.75 ×: missed |" in page
    assert "- **authenticated read** is missed. Writing the log takes a fifth of it." in page
    assert "| help | 0.123 s | ≤ 0.3: met |" in page
    assert page.count("is missed") == 1


def test_a_missed_budget_without_a_profile_says_so_and_how_busy_the_machine_was() -> None:
    missed = Figure("help", "s", [0.5], budget=Budget(0.3, at_most=True))
    page = write([Result(Benchmark("help", "", lambda _: []), [missed], 11.8)], MACHINE)
    assert "- **help** is missed. There is no profile of it yet; 11.8 processes wanted a core in the minute" in page


def test_every_measurement_says_what_it_is_and_how_to_repeat_it() -> None:
    page = write(RESULTS, MACHINE)
    assert "## requests\n\nWhat it is.\n\nAgain: `make bench ARGS=requests`. 0.2 processes wanted a" in page
    assert "| commit | abc1234 |" in page


def test_a_row_tells_the_spread_of_the_rounds() -> None:
    assert list(rows([SLOW, PLAIN])) == [
        (
            "authenticated read", "1,000 (900 to 1,100) requests/s", "2,000 (2,000 to 2,000) bare route", "0.5 ×",
            "≥ 0.75 ×: missed",
        ),
        ("relay", "6,543 events/s", "", "", ""),
    ]  # fmt: skip


def test_json_holds_every_round() -> None:
    figures = as_json(RESULTS, MACHINE)["figures"]
    assert isinstance(figures, list)
    assert figures[0] == {
        "benchmark": "requests", "load": 0.25, "figure": "authenticated read", "unit": "requests/s", "value": 1000.0,
        "rounds": [900.0, 1100.0, 1000.0], "beside": "bare route", "besideRounds": [2000.0, 2000.0, 2000.0],
        "ratio": 0.5, "budget": "≥ 0.75 ×", "met": False,
    }  # fmt: skip
    assert figures[2] == {
        "benchmark": "rest", "load": 7, "figure": "relay", "unit": "events/s", "value": 6543.2, "rounds": [6543.2]
    }  # fmt: skip


def test_a_whole_run_writes_the_page_and_a_part_of_it_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from benchmarks import run

    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(run, "BENCHMARKS", {"help": Benchmark("help", "What.", lambda _: [QUICK])})
    said: list[str] = []
    run.run(tmp_path, ["help"], said.append)
    assert said == ["help · 0.123 s · ≤ 0.3: met"]
    assert not (tmp_path / run.PAGE).exists()
    run.run(tmp_path, [], said.append)
    assert "## help" in (tmp_path / run.PAGE).read_text("utf-8")
