"""SE-01: what a service editor reads of the services that are commissioned."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.dashboard.model import last_page, page_links, page_number, page_numbers
from throughcare.ui.page import EDITOR_ROLES, page
from throughcare.ui.peers.catalogue import Catalogue

HERE, PER_PAGE = "/service-editor/dashboard", 50

router = Router(tag="Service editor", include_in_schema=False)


@router.get(HERE, roles=EDITOR_ROLES)
async def my_services(request: Request, ctx: Ctx) -> HTMLResponse:
    """Every service with its contract, provider, mailbox and regions, a page of them at a time."""
    found = await ctx.peer(Catalogue, as_user=True).mine()
    last = last_page(len(found), PER_PAGE)
    current = min(page_number(request.query_params.get("page")), last)
    links = page_links(current, list(page_numbers(current, last)), lambda one: f"{HERE}?page={one}")
    return page(
        request, "editor/services.html", title="My services", page_id="SE-01", now=ctx.now, total=len(found),
        services=found[(current - 1) * PER_PAGE : current * PER_PAGE], pages=links if last > 1 else None,
    )  # fmt: skip
