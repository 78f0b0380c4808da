"""The home page, by role."""

from __future__ import annotations

import asyncio

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.console.model import problems
from throughcare.ui.console.views import overview
from throughcare.ui.consumer.model import problems_of
from throughcare.ui.consumer.views import all_consumers
from throughcare.ui.form import PRACTITIONER
from throughcare.ui.home.model import SYSTEM, workplaces
from throughcare.ui.home.views import landing_of
from throughcare.ui.page import CONSOLE_ROLES, INBOX_ROLES, page

router = Router(tag="Home", include_in_schema=False)


@router.get("/", authenticated=True)
async def home(request: Request, ctx: Ctx) -> Response:
    """To where this person works; a choice when there are several such places. Raises NoWorkplace."""
    places = workplaces(ctx.user)
    if len(places) > 1:
        return page(request, "home/chooser.html", title="Choose what to do", page_id="home-chooser", places=places)
    if places[0].path != SYSTEM:
        return RedirectResponse(places[0].path, 303)
    return await _system(request, ctx)


@router.get("/crs-homepage", roles=PRACTITIONER)
async def crs_homepage(request: Request, ctx: Ctx) -> Response:
    """LP-01: what a practitioner can do, and what they have in hand."""
    return page(
        request, "home/crs.html", title="Commissioned Rehabilitative Services (CRS)", page_id="LP-01",
        landing=await landing_of(ctx),
    )  # fmt: skip


@router.get("/probation-practitioner/find", roles=PRACTITIONER)
async def older_address() -> RedirectResponse:
    """The first page, by an address that it had."""
    return RedirectResponse("/crs-homepage", 303)


async def _system(request: Request, ctx: Ctx) -> Response:
    """How the system is, for those who run it."""
    reads_console = ctx.user.has_any(CONSOLE_ROLES)
    services, consumers = (
        await asyncio.gather(overview(ctx), all_consumers(ctx)) if reads_console else (None, None)
    )  # fmt: skip
    return page(
        request, "home/home.html", title="Throughcare", page_id="home", services=services,
        problems=problems(services or []) + problems_of(consumers or []),
        reads_messages=ctx.user.has_any(INBOX_ROLES), clock=ctx.clock, now=ctx.now,
    )  # fmt: skip
