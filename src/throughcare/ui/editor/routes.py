"""SE-01: what a service editor reads of the services that are commissioned."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.page import EDITOR_ROLES, page
from throughcare.ui.peers.catalogue import Catalogue

router = Router(tag="Service editor", include_in_schema=False)


@router.get("/service-editor/dashboard", roles=EDITOR_ROLES)
async def my_services(request: Request, ctx: Ctx) -> HTMLResponse:
    """Every service with its contract, provider, mailbox and regions."""
    found = await ctx.peer(Catalogue, as_user=True).mine()
    return page(request, "editor/services.html", title="My services", page_id="SE-01", services=found, now=ctx.now)
