"""How figures are made of rounds and held against budgets."""

from __future__ import annotations

import pytest
from benchmarks.frame import Beside, Budget, Figure, in_turn, percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([3.0, 1.0, 2.0], 50, 2.0), ([1.0], 99, 1.0), ([*map(float, range(1, 101))], 99, 99.0), ([1.0, 2.0], 100, 2.0)],
)
def test_a_percentile_is_one_of_the_values(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_ratio_is_that_of_rounds_not_of_medians() -> None:
    figure = Figure("rate", "/s", [10.0, 40.0, 90.0], Beside("floor", [20.0, 80.0, 90.0]))
    assert figure.value == 40.0
    assert figure.ratio == 0.5


@pytest.mark.parametrize(
    ("budget", "met"),
    [
        (None, None),
        (Budget(40), True),
        (Budget(41), False),
        (Budget(40, at_most=True), True),
        (Budget(39, at_most=True), False),
        (Budget(0.5, of_ratio=True), True),
        (Budget(0.6, of_ratio=True), False),
        (Budget(0.4, at_most=True, of_ratio=True), False),
    ],
)
def test_a_budget_is_met_up_to_its_limit(budget: Budget | None, met: bool | None) -> None:
    assert Figure("rate", "/s", [40.0], Beside("floor", [80.0]), budget).met is met


def test_a_ratio_to_nothing_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="something to stand beside"):
        _ = Figure("rate", "/s", [40.0], budget=Budget(0.5, of_ratio=True)).met


async def test_contenders_take_turns_and_each_goes_first_in_turn() -> None:
    order: list[str] = []

    async def ours() -> int:
        order.append("ours")
        return len(order)

    async def bare() -> int:
        order.append("bare")
        return len(order)

    answers = await in_turn(3, {"ours": ours, "bare": bare})
    assert order == ["ours", "bare", "bare", "ours", "ours", "bare"]
    assert answers == {"ours": [1, 4, 5], "bare": [2, 3, 6]}
