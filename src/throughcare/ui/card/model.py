"""Cards of rows: how pages show what is known (``templates/details/cards.html`` draws them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NOT_PROVIDED = "Not provided"


@dataclass(frozen=True)
class Row:
    """One thing that is known, as text or as a list; ``missing`` stands where it is not.

    ``name`` does not change, so that a page can say which rows lead where. ``tag`` is a word of state and its colour.
    """

    name: str
    label: str
    value: str | None = None
    items: Sequence[str] = ()
    tag: tuple[str, str] | None = None
    missing: str = NOT_PROVIDED


@dataclass(frozen=True)
class Card:
    """Rows that belong together; ``name`` is its id on the page."""

    name: str
    title: str
    rows: Sequence[Row]
