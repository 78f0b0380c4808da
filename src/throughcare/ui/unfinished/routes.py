"""Unfinished work: what somebody began, until when it is kept, and how to go on with it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.form import PRACTITIONER, PROVIDER
from throughcare.ui.page import page
from throughcare.ui.unfinished.views import in_hand

router = Router(tag="Unfinished work", include_in_schema=False)


@router.get("/drafts", roles=[*PRACTITIONER, *PROVIDER])
async def unfinished_work(request: Request, ctx: Ctx) -> HTMLResponse:
    """Everything that the caller has begun and not finished."""
    makes = ctx.user.has_any(PRACTITIONER)
    return page(
        request, "unfinished/list.html", title="Unfinished work", page_id="UW-01", found=await in_hand(ctx),
        makes_referrals=makes,
    )  # fmt: skip
