"""How pages write times, ages, counts and long names. Each function is a filter of the templates.

``throughcare/words.html`` has macros that put them into elements.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from math import isnan

from throughcare.kit.clock import london

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_PLACES = re.compile(r"(?<=[@/_])(?=.)|(?<=.)(?=\..)")


def day(moment: datetime) -> str:
    """The day in London: ``4 March 2024``."""
    local = london(moment)
    return f"{local.day} {local:%B %Y}"


def short_day(moment: datetime) -> str:
    """The day in London for a table: ``4 Mar 2024``."""
    local = london(moment)
    return f"{local.day} {local:%b %Y}"


def stamp(moment: datetime) -> str:
    """Day and time in London for a table: ``4 Mar 2024, 13:10:06``."""
    return f"{short_day(moment)}, {london(moment):%H:%M:%S}"


def words(moment: datetime) -> str:
    """Day and time in London for a sentence, in GOV.UK's style: ``1:10pm on 4 March 2024``, ``midday on …``."""
    local = london(moment)
    if local.minute == 0 and local.hour in {0, 12}:
        clock = "midday" if local.hour else "midnight"
    else:
        minutes = f":{local.minute:02}" if local.minute else ""
        clock = f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
    return f"{clock} on {day(moment)}"


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


def pieces(text: object) -> list[str]:
    """A long name cut where a line may end: before its dots, and after ``@``, ``/`` and ``_``."""
    return _PLACES.split(str(text))


def pretty(value: object) -> str:
    """A JSON value, indented for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


FILTERS = {
    "day": day, "short_day": short_day, "stamp": stamp, "words": words, "machine": machine, "age": age,
    "counted": counted, "pieces": pieces, "pretty": pretty,
}  # fmt: skip
