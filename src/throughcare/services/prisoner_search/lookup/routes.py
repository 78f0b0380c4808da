"""Doors to prisoners whose numbers or prison are known."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, Paging
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.model import (
    ResponseFieldsNotValid,
    check_response_fields,
    trimmed,
)
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.lookup.schemas import PrisonerNumber, PrisonerNumbers
from throughcare.services.prisoner_search.lookup.views import LookupViews

SEARCH, ONE = "ROLE_PRISONER_SEARCH", "ROLE_PRISONER_SEARCH__PRISONER__RO"

router = Router(tag="Prisoners")

ResponseFields = Annotated[list[str] | None, Query(alias="responseFields", max_length=200)]


class PrisonerNotIndexed(NotFound):
    """No prisoner has this number (404)."""

    code = "PRISONER_NOT_FOUND"
    title = "There is no prisoner with this number"


@router.get(
    "/prisoner/{prisoner_number}",
    roles=[SEARCH, ONE, "ROLE_VIEW_PRISONER_DATA"],
    errors=[PrisonerNotIndexed, ResponseFieldsNotValid],
    response_model=Prisoner,
)
async def prisoner(prisoner_number: PrisonerNumber, ctx: Ctx, response_fields: ResponseFields = None) -> Response:
    """One prisoner, whole or trimmed to the fields asked for."""
    paths = _paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        document = await views.find(prisoner_number)
    if document is None:
        raise PrisonerNotIndexed
    return JSONResponse(trimmed(document, paths))


@router.post(
    "/prisoner-search/prisoner-numbers",
    roles=[SEARCH, ONE],
    errors=[ResponseFieldsNotValid],
    response_model=list[Prisoner],
)
async def prisoners(body: PrisonerNumbers, ctx: Ctx, response_fields: ResponseFields = None) -> Response:
    """Those of many numbers that somebody has."""
    paths = _paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        found = await views.all_of(body.prisoner_numbers)
    return JSONResponse([trimmed(document, paths) for document in found])


@router.get(
    "/prisoner-search/prison/{prison_id}",
    roles=[SEARCH],
    errors=[ResponseFieldsNotValid],
    response_model=Page[Prisoner],
)
async def in_prison(
    prison_id: PrisonerNumber, request: Paging, ctx: Ctx, response_fields: ResponseFields = None
) -> Response:
    """A prison's people, by last name, first name and number."""
    paths = _paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        found, total = await views.in_prison(prison_id, offset=request.offset, limit=request.size)
    page = Page.of([trimmed(document, paths) for document in found], total, request)
    return JSONResponse(page.model_dump(by_alias=True))


def _paths(given: list[str] | None) -> list[str]:
    """The fields asked for, be they repeated or separated by commas. Raises ResponseFieldsNotValid."""
    paths = [path.strip() for one in given or () for path in one.split(",") if path.strip()]
    check_response_fields(paths)
    return paths
