"""The page of all figures, ``docs/performance.md``, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from benchmarks.frame import Figure, Result

HEAD = """# Performance

`make bench` measures and writes this page; do not edit it. Everything runs on this one machine, on a new PostgreSQL
with the settings of `throughcare up`, over loopback. Each figure is the median of some rounds (lowest to highest in
brackets); what stands beside it was measured in the same rounds, taking turns, so that the ratio means something where
the machine is busy with other work. A ratio is the median of the rounds' ratios.
"""


def write(results: Sequence[Result], machine: Mapping[str, str]) -> str:
    """The page in Markdown."""
    parts = [HEAD, _table(("measured on", ""), machine.items()), "## Budgets\n", _budgets(results)]
    parts += [part for one in results for part in _section(one)]
    return "\n".join(parts)


def as_json(results: Sequence[Result], machine: Mapping[str, str]) -> dict[str, object]:
    """Every figure with its rounds."""
    return {"machine": dict(machine), "figures": [_json(one, figure) for one in results for figure in one.figures]}


def rows(figures: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    """Figure, value, what stands beside it, ratio, budget: as text."""
    for one in figures:
        beside = f"{_value(one.beside.rounds)} {one.beside.name}" if one.beside else ""
        ratio = "" if one.ratio is None else f"{_short(one.ratio)} ×"
        yield one.name, f"{_value(one.rounds)} {one.unit}", beside, ratio, verdict(one)


def verdict(figure: Figure) -> str:
    """The budget and whether it is met; empty when there is none."""
    return "" if figure.met is None else f"{figure.budget}: {'met' if figure.met else 'missed'}"


def _budgets(results: Sequence[Result]) -> str:
    judged = [(one, figure) for one in results for figure in one.figures if figure.met is not None]
    table = _table(("what", "measured", "budget"), ((one.name, _measured(one), verdict(one)) for _, one in judged))
    missed = [(one, figure) for one, figure in judged if not figure.met]
    reasons = [f"- **{figure.name}** is missed. {figure.because or _unexplained(one)}" for one, figure in missed]
    return "\n".join([table, *reasons, ""] if reasons else [table])


def _unexplained(result: Result) -> str:
    return f"There is no profile of it yet; {_busy(result)}"


def _busy(result: Result) -> str:
    return f"{result.load:.1f} processes wanted a core in the minute before."


def _measured(figure: Figure) -> str:
    assert figure.budget is not None
    own = f"{_short(figure.value)} {figure.unit}"
    if figure.beside is None or figure.ratio is None or not figure.budget.of_ratio:
        return own
    return f"{own}, {_short(figure.ratio)} × {figure.beside.name}"


def _section(result: Result) -> Iterator[str]:
    yield f"## {result.benchmark.name}\n"
    yield f"{result.benchmark.what.strip()}\n\nAgain: `make bench ARGS={result.benchmark.name}`. {_busy(result)}\n"
    yield _table(("figure", "measured", "beside it", "ratio", "budget"), rows(result.figures))


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _value(rounds: Sequence[float]) -> str:
    middle = _short(median(rounds))
    return middle if len(rounds) == 1 else f"{middle} ({_short(min(rounds))} to {_short(max(rounds))})"


def _short(value: float) -> str:
    """Three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _json(result: Result, figure: Figure) -> dict[str, object]:
    found: dict[str, object] = {
        "benchmark": result.benchmark.name, "load": result.load, "figure": figure.name, "unit": figure.unit,
        "value": figure.value, "rounds": list(figure.rounds),
    }  # fmt: skip
    if figure.beside is not None:
        found |= {"beside": figure.beside.name, "besideRounds": list(figure.beside.rounds), "ratio": figure.ratio}
    if figure.budget is not None:
        found |= {"budget": str(figure.budget), "met": figure.met}
    return found
