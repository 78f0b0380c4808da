"""The door to the people of one prison."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.model import ResponseFieldsNotValid, trimmed
from throughcare.services.prisoner_search.document.schemas import Prisoner, ResponseFields, response_paths
from throughcare.services.prisoner_search.establishment.model import SortNotValid, sort_keys
from throughcare.services.prisoner_search.establishment.schemas import EstablishmentQuery
from throughcare.services.prisoner_search.establishment.views import ordered, people_of
from throughcare.services.prisoner_search.index.views import IndexViews
from throughcare.services.prisoner_search.paging.schemas import Paging
from throughcare.services.prisoner_search.search.schemas import PrisonId

router = Router(tag="Establishment")


@router.get(
    "/prison/{prison_id}/prisoners",
    roles=["ROLE_PRISONER_IN_PRISON_SEARCH", "ROLE_PRISONER_SEARCH"],
    errors=[ResponseFieldsNotValid, SortNotValid],
    response_model=Page[Prisoner],
)
async def prisoners_in_prison(
    prison_id: PrisonId,
    query: Annotated[EstablishmentQuery, Query()],
    request: Paging,
    ctx: Ctx,
    response_fields: ResponseFields = None,
) -> Response:
    """A prison's people who pass, by last name, first name and number unless another order is asked for."""
    paths, order = response_paths(response_fields), sort_keys(request.sort)
    async with ctx.reading(IndexViews) as views:
        chosen = people_of(prison_id, query)
        found, total = await views.page(chosen, ordered(order), offset=request.offset, limit=request.size)
    page = Page.of([trimmed(document, paths) for document in found], total, request)
    return JSONResponse(page.model_dump(by_alias=True))
