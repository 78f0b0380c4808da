"""Which page of a search is asked for.

Annotations are evaluated at once here, since FastAPI could not look them up later.
"""

from typing import Annotated

from fastapi import Depends, Query

from throughcare.kit.web.pagination import PageRequest

USUAL_SIZE, MOST, LAST_PAGE = 10, 3000, 1_000_000

Number = Annotated[str | None, Query(max_length=20, description="A whole number; anything else counts as not given.")]
Sort = Annotated[
    list[str] | None,
    Query(max_length=10, description="Fields, then asc or desc: lastName,firstName,desc. Where the search sorts."),
]


async def _read(page: Number = None, size: Number = None, sort: Sort = None) -> PageRequest:
    """The first page when ``page`` is no number; ten entries when ``size`` is none, and never more than 3,000.

    Source: ministryofjustice/hmpps-prisoner-search, whose callers rely on it.
    """
    return PageRequest(min(_number(page), LAST_PAGE), min(_number(size) or USUAL_SIZE, MOST), tuple(sort or ()))


def _number(text: str | None) -> int:
    given = (text or "").strip()
    return int(given) if given.isascii() and given.isdigit() else 0


Paging = Annotated[PageRequest, Depends(_read)]
