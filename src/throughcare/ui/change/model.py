"""What a change changed, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from throughcare.kit.web.wording import day
from throughcare.ui.peers.changes import ChangedValues

MOST_PAIRS, LEAST_IN_COMMON = 250_000, 0.3
RELEASE, PRISON, OUTCOMES, LEVEL = (
    "EXPECTED_RELEASE_DATE", "PRISON_ESTABLISHMENT", "DESIRED_OUTCOMES", "COMPLEXITY_LEVEL",
)  # fmt: skip
ANSWERS = frozenset({
    "NEEDS_AND_REQUIREMENTS_HAS_ADDITIONAL_RESPONSIBILITIES", "NEEDS_AND_REQUIREMENTS_INTERPRETER_REQUIRED",
})  # fmt: skip
DATES = {"COMPLETION_DATETIME": "%d %b %Y", RELEASE: "%d-%b-%Y"}
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Piece:
    """A piece of a text; ``marked`` when it stands in this version of the text alone."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Compared:
    """Values before and after, each in pieces; no value where nothing was said."""

    old: Sequence[Sequence[Piece]]
    new: Sequence[Sequence[Piece]]

    @property
    def marked(self) -> bool:
        """Whether anything is marked, so that the marks need an explanation."""
        return any(one.marked for value in (*self.old, *self.new) for one in value)


def title_of(change: ChangedValues) -> str:
    """What was changed, as the page's heading says it."""
    if change.topic != RELEASE:
        return f"{change.description} changed"
    if not change.old_value:
        return "Expected release date added"
    dated = [_dated(RELEASE, value) is not None for value in (*change.old_value, *change.new_value)]
    return f"Expected release date {'changed' if all(dated) else 'information changed'}"


def compare(change: ChangedValues, prisons: Mapping[str, str]) -> Compared:
    """What stood there before and after; ``prisons`` has names by the ids that values may be."""
    old, new = (
        [as_read(change.topic, one, prisons) for one in values] for values in (change.old_value, change.new_value)
    )
    if change.topic == OUTCOMES:
        return Compared([[Piece(one, one not in new)] for one in old], [[Piece(one, one not in old)] for one in new])
    if len(old) == len(new) == 1:
        before, after = difference(old[0], new[0])
        return Compared([before], [after])
    return Compared([[Piece(one)] for one in old], [[Piece(one)] for one in new])


def as_read(topic: str, value: str, prisons: Mapping[str, str]) -> str:
    """A value as pages write it."""
    if topic == PRISON:
        return prisons.get(value, value)
    if topic == LEVEL:
        return value.capitalize()
    if topic in ANSWERS:
        return value.replace("-", ": ", 1)
    found = _dated(topic, value)
    return day(found) if found else value


def difference(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, what only one of them says marked; nothing is when they have too little in common.

    White space alone makes no difference. Long texts of few different words are not taken apart: it would take long.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    first, second = [one.rstrip() for one in before], [one.rstrip() for one in after]
    counts, others = Counter(first), Counter(second)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    too_many = sum(number * others[word] for word, number in counts.items()) > MOST_PAIRS
    if too_many or matcher.quick_ratio() < LEAST_IN_COMMON or matcher.ratio() < LEAST_IN_COMMON:
        return [Piece(old)], [Piece(new)]
    removed: list[Piece] = []
    added: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        same = kind == "equal"
        removed += [Piece("".join(before[a:b]), not same)] if a < b else []
        added += [Piece("".join(after[c:d]), not same)] if c < d else []
    return removed, added


def _dated(topic: str, value: str) -> date | None:
    form = DATES.get(topic)
    try:
        return datetime.strptime(value, form).date() if form else None  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None
