"""The home page, by role."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.errors import ServiceError
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.page import page
from throughcare.ui.peers.interventions import Interventions

router = Router(tag="Home", include_in_schema=False)


@router.get("/", authenticated=True)
async def home(request: Request, ctx: Ctx) -> HTMLResponse:
    """What this person comes for: their referrals, or the tools of an operator."""
    referrals, missing = None, False
    if ctx.user.has_any(["ROLE_PROBATION", "ROLE_CRS_PROVIDER"]):
        try:
            referrals = await ctx.peer(Interventions, as_user=True).open_referrals()
        except ServiceError:
            missing = True
    return page(
        request, ctx, "home/home.html", title="Home", page_id="home", referrals=referrals, missing=missing,
        practitioner=ctx.user.has_any(["ROLE_PROBATION"]), caseworker=ctx.user.has_any(["ROLE_CRS_PROVIDER"]),
        operator=ctx.user.has_any(["ROLE_CONSOLE__RO"]), clock=ctx.runtime.clock, now=ctx.now,
    )  # fmt: skip
