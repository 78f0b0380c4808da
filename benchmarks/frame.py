"""What a measurement yields, and how contenders take turns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Budget:
    """The most or the least that a figure, or its ratio to what stands beside it, may be."""

    limit: float
    at_most: bool = False
    of_ratio: bool = False

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{sign} {self.limit:,g} ×" if self.of_ratio else f"{sign} {self.limit:,g}"


@dataclass(frozen=True)
class Beside:
    """The peer or the floor that was measured in the same rounds."""

    name: str
    rounds: Sequence[float]


@dataclass(frozen=True)
class Figure:
    """One value per round, in ``unit``. ``because`` tells, from a profile, why the budget is missed when it is."""

    name: str
    unit: str
    rounds: Sequence[float]
    beside: Beside | None = None
    budget: Budget | None = None
    because: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def ratio(self) -> float | None:
        """The median, over the rounds, of the value to what stood beside it in that round; None when nothing did."""
        if self.beside is None:
            return None
        return median(own / other for own, other in zip(self.rounds, self.beside.rounds, strict=True))

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None when there is none. Raises ValueError for a ratio to nothing."""
        if self.budget is None:
            return None
        measured = self.ratio if self.budget.of_ratio else self.value
        if measured is None:
            raise ValueError(f"{self.name}: a budget of a ratio needs something to stand beside")
        return measured <= self.budget.limit if self.budget.at_most else measured >= self.budget.limit


@dataclass(frozen=True)
class Benchmark:
    """A measurement: ``measure`` is given an empty folder of its own and answers with figures."""

    name: str
    what: str
    measure: Callable[[Path], list[Figure]]


@dataclass(frozen=True)
class Result:
    """What a measurement yielded; ``load`` is how many processes wanted a core in the minute before it."""

    benchmark: Benchmark
    figures: Sequence[Figure]
    load: float


async def in_turn(rounds: int, contenders: Mapping[str, Callable[[], Awaitable[T]]]) -> dict[str, list[T]]:
    """What each contender answered in each round. They take turns; every other round the last goes first."""
    answers: dict[str, list[T]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name in list(contenders)[:: -1 if number % 2 else 1]:
            answers[name].append(await contenders[name]())
    return answers


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of ``values`` that at least ``percent`` % of them do not exceed. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]
