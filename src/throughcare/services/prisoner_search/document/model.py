"""The catalogue of a document's fields: which belong together when they change, and which can be asked for.

Source: ministryofjustice/hmpps-prisoner-search. The catalogue names every field of the original, also those that
no service of this system fills yet, so that callers may ask for them.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from throughcare.kit.errors import BadRequest

Document = Mapping[str, Any]


class ResponseFieldsNotValid(BadRequest):
    """Fields were asked for that no document has (400)."""

    code = "RESPONSE_FIELDS_NOT_VALID"
    title = "Invalid response fields requested"


@cache
def catalogue() -> Mapping[str, str]:
    """Every field by its dotted path, with the category of its changes; empty for fields that are not compared."""
    text = (files("throughcare.services.prisoner_search") / "data" / "fields.csv").read_text("utf-8")
    return MappingProxyType({row["field"]: row["category"] for row in csv.DictReader(text.splitlines())})


def categories_changed(before: Document, after: Document) -> list[str]:
    """The categories, in order, in which two documents differ."""
    differing = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    return sorted({catalogue()[name] for name in differing} - {""})


def check_response_fields(paths: Collection[str]) -> None:
    """Let known paths pass. Raises ResponseFieldsNotValid, naming those that are not."""
    wrong = [path for path in paths if path not in catalogue()]
    if wrong:
        raise ResponseFieldsNotValid(f"Invalid response fields requested: [{', '.join(wrong)}]")


def trimmed(document: Document, paths: Collection[str]) -> Document:
    """What the document has at ``paths``; all of it when none is given."""
    if not paths:
        return document
    wanted: dict[str, set[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        wanted.setdefault(name, set()).add(rest)
    return {name: _part(document[name], rests) for name, rests in wanted.items() if name in document}


def _part(value: Any, rests: Collection[str]) -> Any:
    if "" in rests:
        return value
    if isinstance(value, list):
        return [_part(one, rests) for one in value]
    return trimmed(value, rests) if isinstance(value, Mapping) else value
