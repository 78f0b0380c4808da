"""Doors to maintaining the index."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import StringConstraints

from throughcare.kit.errors import NotFound
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.index.usecases import index_prisoner
from throughcare.services.prisoner_search.peers.prison import PrisonPeer
from throughcare.services.prisoner_search.refresh import usecases
from throughcare.services.prisoner_search.refresh.model import NeverRefreshed, RefreshUnderWay
from throughcare.services.prisoner_search.refresh.schemas import RefreshOut
from throughcare.services.prisoner_search.refresh.store import RefreshStore

INDEXER = "ROLE_PRISONER_INDEX"

router = Router(tag="Index")

Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][0-9]{4}[A-Za-z]{2}$", to_upper=True)]


class PrisonerUnknown(NotFound):
    """The prison does not know this number (404)."""

    code = "PRISONER_NOT_FOUND"
    title = "There is no prisoner with this number"


@router.put(
    "/maintain-index/index-prisoner/{prisoner_number}",
    roles=[INDEXER],
    errors=[PrisonerUnknown, PeerRefused],
    response_model=Prisoner,
)
async def index_one(prisoner_number: Number, ctx: Ctx) -> Response:
    """Check one prisoner against prison now; the document then."""
    found = await ctx.peer(PrisonPeer).search_details(prisoner_number)
    document = await index_prisoner(ctx.uow, prisoner_number, found, checking=True)
    if document is None:
        raise PrisonerUnknown
    return JSONResponse(document)


@router.put("/refresh-index", status=202, roles=[INDEXER], errors=[RefreshUnderWay])
async def refresh_index(ctx: Ctx) -> None:
    """Have every prisoner checked against prison; work goes on after the answer."""
    await usecases.begin_refresh(ctx.uow, by=ctx.user)


@router.get("/refresh-index", roles=[INDEXER], errors=[NeverRefreshed])
async def read_refresh(ctx: Ctx) -> RefreshOut:
    """How far the last refresh has come, and whom it could not check."""
    async with ctx.reading(RefreshStore) as store:
        return RefreshOut.of(await store.latest())
