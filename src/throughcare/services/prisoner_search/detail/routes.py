"""The door to finding somebody of whom parts are known."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.detail.schemas import DetailSearch
from throughcare.services.prisoner_search.detail.views import detailed
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.index.views import IndexViews

router = Router(tag="Search")


@router.post("/prisoner-detail", roles=["ROLE_PRISONER_SEARCH", "ROLE_GLOBAL_SEARCH"], response_model=Page[Prisoner])
async def prisoner_detail(body: DetailSearch, ctx: Ctx) -> Response:
    """Those in the prisons of whom all holds that was given: own names before aliases, then by number."""
    request = body.pagination.request
    async with ctx.reading(IndexViews) as views:
        found, total = await views.page(*detailed(body), offset=request.offset, limit=request.size)
    return JSONResponse(Page.of(found, total, request).model_dump(by_alias=True))
