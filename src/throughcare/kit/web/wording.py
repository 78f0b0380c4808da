"""How pages write times, ages, counts and long names. Each function is a filter of the templates.

``throughcare/words.html`` has macros that put them into elements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import isnan

from throughcare.kit.clock import london

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_PLACES = re.compile(r"(?<=[@/_])(?=.)|(?<=.)(?=\..)")


def day(moment: date) -> str:
    """A day, or that of a moment in London: ``4 March 2024``."""
    local = _in_london(moment)
    return f"{local.day} {local:%B %Y}"


def short_day(moment: date) -> str:
    """A day, or that of a moment in London, for a table: ``4 Mar 2024``."""
    local = _in_london(moment)
    return f"{local.day} {local:%b %Y}"


def weekday(moment: date) -> str:
    """A day with its place in the week: ``4 Mar 2024 (Mon)``."""
    return f"{short_day(moment)} ({_in_london(moment):%a})"


def example(moment: date) -> str:
    """A day as it is typed: ``4 3 2024``."""
    local = _in_london(moment)
    return f"{local.day} {local.month} {local.year}"


def clock(moment: datetime) -> str:
    """The time of day in London, in GOV.UK's style: ``1pm``, ``1:30pm``, ``midday``, ``midnight``."""
    local = london(moment)
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def from_to(moment: datetime, minutes: int) -> str:
    """When something begins and ends: ``11am to midday``."""
    return f"{clock(moment)} to {clock(moment + timedelta(minutes=minutes))}"


def born(birthday: date, today: date) -> str:
    """A date of birth with the age that it makes on ``today``: ``12 April 1985 (36 years old)``."""
    years = today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))
    return f"{day(birthday)} ({counted(years, 'year')} old)"


def _in_london(moment: date) -> date:
    return london(moment) if isinstance(moment, datetime) else moment


def stamp(moment: datetime) -> str:
    """Day and time in London for a table: ``4 Mar 2024, 13:10:06``."""
    return f"{short_day(moment)}, {london(moment):%H:%M:%S}"


def words(moment: datetime) -> str:
    """Day and time in London for a sentence, in GOV.UK's style: ``1:10pm on 4 March 2024``, ``midday on …``."""
    return f"{clock(moment)} on {day(moment)}"


def machine(moment: datetime) -> str:
    """The moment for the attribute ``datetime``: ``2024-03-04T13:10:06Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def age(seconds: float | None) -> str:
    """A length of time in its largest unit, rounded down: ``3 hours``; ``not known`` for None and NaN."""
    if seconds is None or isnan(seconds):
        return "not known"
    for size, unit in UNITS:
        if seconds >= size:
            return counted(int(seconds // size), unit)
    return "0 seconds"


def counted(number: int, noun: str, several: str = "") -> str:
    """A number with its noun: ``1 message``, ``1,234 messages``; ``several`` is the plural when it is irregular."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def file_size(size: int) -> str:
    """The size of a file, which is in bytes, as it stands beside a link: ``512 bytes``, ``3 KB``, ``1.2 MB``."""
    if size < 1_000:
        return counted(size, "byte")
    return f"{round(size / 1_000):,} KB" if size < 999_500 else f"{size / 1_000_000:,.1f} MB"


def pieces(text: object) -> list[str]:
    """A long name cut where a line may end: before its dots, and after ``@``, ``/`` and ``_``."""
    return _PLACES.split(str(text))


def pretty(value: object) -> str:
    """A JSON value, indented for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def error_list(errors: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Errors and what they lead to, an id or the path of a page, as the design system's summary takes them."""
    return [{"text": text, "href": target if target.startswith("/") else f"#{target}"} for text, target in errors]


FILTERS = {
    one.__name__: one
    for one in (
        day, short_day, weekday, born, example, clock, from_to, stamp, words, machine, age, counted, error_list,
        pieces, pretty, file_size,
    )
}  # fmt: skip
