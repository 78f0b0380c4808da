"""Doors to prisoners whose numbers or prison are known."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.model import (
    ResponseFieldsNotValid,
    trimmed,
)
from throughcare.services.prisoner_search.document.schemas import Prisoner, ResponseFields, response_paths
from throughcare.services.prisoner_search.lookup.schemas import BookingIds, PrisonerNumber, PrisonerNumbers
from throughcare.services.prisoner_search.lookup.views import LookupViews
from throughcare.services.prisoner_search.paging.schemas import Paging

SEARCH, ONE = "ROLE_PRISONER_SEARCH", "ROLE_PRISONER_SEARCH__PRISONER__RO"
GLOBAL = "ROLE_GLOBAL_SEARCH"

router = Router(tag="Prisoners")


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
    paths = response_paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        document = await views.find(prisoner_number)
    if document is None:
        raise PrisonerNotIndexed
    return JSONResponse(trimmed(document, paths))


@router.post(
    "/prisoner-search/prisoner-numbers",
    roles=[SEARCH, GLOBAL, ONE],
    errors=[ResponseFieldsNotValid],
    response_model=list[Prisoner],
)
async def prisoners(body: PrisonerNumbers, ctx: Ctx, response_fields: ResponseFields = None) -> Response:
    """Those of many numbers that somebody has, by number."""
    paths = response_paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        found = await views.with_numbers(body.prisoner_numbers)
    return JSONResponse([trimmed(document, paths) for document in found])


@router.post(
    "/prisoner-search/booking-ids",
    roles=[SEARCH, GLOBAL, ONE],
    errors=[ResponseFieldsNotValid],
    response_model=list[Prisoner],
)
async def prisoners_by_booking(body: BookingIds, ctx: Ctx, response_fields: ResponseFields = None) -> Response:
    """Those whose latest booking is one of many, by number."""
    paths = response_paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        found = await views.with_bookings(body.booking_ids)
    return JSONResponse([trimmed(document, paths) for document in found])


@router.get(
    "/prisoner-search/prison/{prison_id}",
    roles=[SEARCH, GLOBAL],
    errors=[ResponseFieldsNotValid],
    response_model=Page[Prisoner],
)
async def in_prison(
    prison_id: PrisonerNumber, request: Paging, ctx: Ctx, response_fields: ResponseFields = None
) -> Response:
    """A prison's people, by last name, first name and number."""
    paths = response_paths(response_fields)
    async with ctx.reading(LookupViews) as views:
        found, total = await views.in_prison(prison_id, offset=request.offset, limit=request.size)
    page = Page.of([trimmed(document, paths) for document in found], total, request)
    return JSONResponse(page.model_dump(by_alias=True))
