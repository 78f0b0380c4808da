"""The door to searching everybody. What is searched for travels in the body, never in the address."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from throughcare.kit.errors import BadRequest
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, Paging
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.search.model import Location
from throughcare.services.prisoner_search.search.schemas import GlobalSearch
from throughcare.services.prisoner_search.search.views import SearchViews, identified, named

router = Router(tag="Search")


class NothingToSearch(BadRequest):
    """Neither an identifier nor a name is given (400)."""

    code = "NOTHING_TO_SEARCH"
    title = "Give a prisoner identifier, a first name or a last name"


@router.post(
    "/global-search",
    roles=["ROLE_PRISONER_SEARCH", "ROLE_GLOBAL_SEARCH"],
    errors=[NothingToSearch],
    response_model=Page[Prisoner],
)
async def global_search(body: GlobalSearch, request: Paging, ctx: Ctx) -> Response:
    """Those who have the identifier; when nobody has it, those who have the name. Ordered by number."""
    if body.identifier is None and body.query is None:
        raise NothingToSearch
    found: list[Document] = []
    total, location = 0, body.location or Location.ALL
    async with ctx.reading(SearchViews) as views:
        if body.identifier is not None:
            holders = identified(body.identifier)
            found, total = await views.page(holders, location, offset=request.offset, limit=request.size)
        if not total and body.query is not None:
            namesakes = named(body.query, include_aliases=body.include_aliases)
            found, total = await views.page(namesakes, location, offset=request.offset, limit=request.size)
    return JSONResponse(Page.of(found, total, request).model_dump(by_alias=True))
