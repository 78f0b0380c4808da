"""Pages of a list, in the shape that callers of the original services know.

Annotations are evaluated at once here, since FastAPI could not look up ``max_size`` later.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Self, TypeVar

from fastapi import Depends, Query

from throughcare.kit.web.schemas import Wire

T = TypeVar("T")


@dataclass(frozen=True)
class PageRequest:
    """Which page is asked for: ``page`` counts from 0; ``sort`` holds ``field`` or ``field,desc`` entries."""

    page: int = 0
    size: int = 10
    sort: tuple[str, ...] = ()

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return self.page * self.size


def page_reader(default_size: int = 10, max_size: int = 1000) -> Callable[..., Awaitable[PageRequest]]:
    """Reads a page request; other sizes than usual: ``Annotated[PageRequest, Depends(page_reader(50))]``."""

    async def read(
        page: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        size: Annotated[int, Query(ge=1, le=max_size)] = default_size,
        sort: Annotated[list[str] | None, Query()] = None,
    ) -> PageRequest:
        return PageRequest(page, size, tuple(sort or ()))

    return read


Paging = Annotated[PageRequest, Depends(page_reader())]


class Sorting(Wire):
    """Whether the request named an order."""

    empty: bool
    sorted: bool
    unsorted: bool


class Pageable(Wire):
    """The request that a page answers; ``offset`` counts the elements before it."""

    sort: Sorting
    offset: int
    page_number: int
    page_size: int
    paged: bool = True
    unpaged: bool = False


class Page(Wire, Generic[T]):
    """One page of a list."""

    content: list[T]
    total_elements: int
    total_pages: int
    number: int
    size: int
    number_of_elements: int
    first: bool
    last: bool
    empty: bool
    sort: Sorting
    pageable: Pageable

    @classmethod
    def of(cls, content: Sequence[T], total: int, request: PageRequest) -> Self:
        """The page that holds ``content`` of ``total`` elements."""
        pages, named = -(-total // request.size), bool(request.sort)
        sort = Sorting(empty=not named, sorted=named, unsorted=not named)
        return cls(
            content=list(content), total_elements=total, total_pages=pages, number=request.page, size=request.size,
            number_of_elements=len(content), first=request.page == 0, last=request.page >= pages - 1,
            empty=not content, sort=sort,
            pageable=Pageable(sort=sort, offset=request.offset, page_number=request.page, page_size=request.size),
        )  # fmt: skip
