"""How the people of one prison are searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from throughcare.kit.errors import BadRequest, FieldError
from throughcare.services.prisoner_search.identity.model import prisoner_number

GAP = re.compile(r"[\s,;:+]+")
SORTABLE = frozenset({"firstName", "lastName", "prisonerNumber", "cellLocation", "dateOfBirth"})
USUAL_ORDER = ("lastName", "firstName", "prisonerNumber")


class SortNotValid(BadRequest):
    """The people cannot be sorted as asked (400)."""

    code = "SORT_NOT_VALID"
    title = f"The people of a prison are sorted by {', '.join(sorted(SORTABLE))}"


@dataclass(frozen=True)
class SortKey:
    """One field to sort by."""

    field: str
    descending: bool = False


def search_words(term: str) -> list[str]:
    """The words that are searched for; a word with the shape of a prisoner number stands for the whole term.

    Source: ministryofjustice/hmpps-prisoner-search, prisoners in prison.
    """
    words = [word for word in GAP.split(term) if word]
    numbers = [number for word in words if (number := prisoner_number(word))]
    return numbers[:1] or words


def sort_keys(given: Sequence[str]) -> list[SortKey]:
    """What ``lastName,firstName,desc`` entries ask for; last name, first name and number for none. Raises SortNotValid.

    The number comes last in any case, so that pages do not overlap.
    """
    keys: list[SortKey] = []
    for entry in given:
        fields = [part.strip() for part in entry.split(",") if part.strip()]
        direction = fields.pop().lower() if fields and fields[-1].lower() in {"asc", "desc"} else "asc"
        if not SORTABLE.issuperset(fields):
            raise SortNotValid(errors=[FieldError("sort", SortNotValid.code, SortNotValid.title)])
        keys += [SortKey(field, direction == "desc") for field in fields]
    return [*(keys or map(SortKey, USUAL_ORDER)), SortKey("prisonerNumber")]
