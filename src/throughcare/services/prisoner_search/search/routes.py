"""The doors to searching by identifier or name. What is searched for travels in the body, never in the address."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from throughcare.kit.errors import BadRequest
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.index.views import IndexViews, by_number
from throughcare.services.prisoner_search.paging.schemas import Paging
from throughcare.services.prisoner_search.search.model import Location
from throughcare.services.prisoner_search.search.schemas import GlobalSearch, PrisonSearch
from throughcare.services.prisoner_search.search.views import at, identified, in_prisons, named

SEARCHERS = ["ROLE_PRISONER_SEARCH", "ROLE_GLOBAL_SEARCH"]
MOST = 1000

router = Router(tag="Search")


class NothingToSearch(BadRequest):
    """Neither an identifier nor a name is given (400)."""

    code = "NOTHING_TO_SEARCH"
    title = "Give a prisoner identifier, a first name or a last name"


@router.post("/global-search", roles=SEARCHERS, errors=[NothingToSearch], response_model=Page[Prisoner])
async def global_search(body: GlobalSearch, request: Paging, ctx: Ctx) -> Response:
    """Those who have the identifier; when nobody has it, those who have the name. Ordered by number."""
    identifier, query = body.prisoner_identifier, body.query
    if identifier is None and query is None:
        raise NothingToSearch
    found: list[Document] = []
    total, where = 0, at(body.location or Location.ALL)
    async with ctx.reading(IndexViews) as views:
        if identifier is not None:
            holders = by_number(identified(identifier, also=where))
            found, total = await views.page(*holders, offset=request.offset, limit=request.size)
        if not total and query is not None:
            namesakes = by_number(named(query, include_aliases=body.include_aliases, also=where))
            found, total = await views.page(*namesakes, offset=request.offset, limit=request.size)
    return JSONResponse(Page.of(found, total, request).model_dump(by_alias=True))


@router.post(
    "/prisoner-search/match-prisoners", roles=SEARCHERS, errors=[NothingToSearch], response_model=list[Prisoner]
)
async def search_in_prisons(body: PrisonSearch, ctx: Ctx) -> Response:
    """Those in the prisons who have the identifier; when nobody has it, those who have the name. A thousand at most."""
    identifier, query = body.prisoner_identifier, body.query
    if identifier is None and query is None:
        raise NothingToSearch
    found: list[Document] = []
    where = in_prisons(body.prison_ids or ())
    async with ctx.reading(IndexViews) as views:
        if identifier is not None:
            found = await views.documents(identified(identifier, also=where), limit=MOST)
        if not found and query is not None:
            namesakes = named(query, include_aliases=body.include_aliases, also=where)
            found = await views.documents(namesakes, limit=MOST)
    return JSONResponse(found)
