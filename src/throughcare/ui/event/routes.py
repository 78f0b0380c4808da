"""From one event to everything that the same request caused."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.event import views
from throughcare.ui.page import CONSOLE_ROLES, page

router = Router(prefix="/console/events", tag="Events", include_in_schema=False)


@router.get("/{correlation_id}", roles=CONSOLE_ROLES)
async def caused(request: Request, ctx: Ctx, correlation_id: str) -> HTMLResponse:
    """Every event that one request caused, in every service, and what became of each."""
    chain = await views.caused(ctx, correlation_id)
    if not chain.steps and not chain.missing:
        raise NotFound("no event has this correlation id")
    return page(
        request, "event/caused.html", title="What one request caused", page_id="console-caused", chain=chain,
        correlation_id=correlation_id,
    )  # fmt: skip
