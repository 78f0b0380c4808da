"""GS-01: searching among all the referrals that somebody may see."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.dashboard.views import caseworkers_of
from throughcare.ui.page import PRACTITIONER_ROLES, PROVIDER_ROLES, page
from throughcare.ui.peers.referrals import FoundReferrals, Referrals
from throughcare.ui.referral.model import Side, side_of
from throughcare.ui.search.model import (
    LONGEST,
    NOTHING,
    TOO_SHORT,
    exact_hit,
    marked_name,
    marked_number,
    standing_of,
)

router = Router(tag="Search", include_in_schema=False)


@router.get("/search", roles=(*PRACTITIONER_ROLES, *PROVIDER_ROLES))
async def search(request: Request, ctx: Ctx) -> Response:
    """The search, and what it found; a whole CRN or reference number with one hit leads straight to it."""
    typed = request.query_params.get("q")
    text = " ".join((typed or "").split())[:LONGEST]
    if not text:
        return await _page(request, ctx, "", None, NOTHING if typed is not None else "")
    try:
        found = await ctx.peer(Referrals, as_user=True).search(text)
    except PeerRefused as refused:
        if refused.peer_code != "SEARCH_TOO_SHORT":
            raise
        return await _page(request, ctx, text, None, TOO_SHORT)
    side = side_of(ctx.user)
    if hit := exact_hit(found.content, text):
        return RedirectResponse(_path(side, hit.id), 303)
    return await _page(request, ctx, text, found, "")


def _path(side: Side, referral_id: UUID) -> str:
    return side.of(referral_id, "details" if side is Side.PROVIDER else "progress")


async def _page(request: Request, ctx: Context, text: str, found: FoundReferrals | None, error: str) -> Response:
    lines = found.content if found else []
    side, names = side_of(ctx.user), await caseworkers_of(ctx, lines)
    rows = [
        {
            "one": one, "href": _path(side, one.id), "name": marked_name(one.service_user.name, text),
            "crn": marked_number(one.service_user.crn, text), "number": marked_number(one.reference_number, text),
            "standing": standing_of(one), "caseworker": names[one.assigned_to.username] if one.assigned_to else None,
        }
        for one in lines
    ]  # fmt: skip
    shown = page(
        request, "search/search.html", title="Search referrals", page_id="GS-01", text=text, found=found, rows=rows,
        errors=[(error, "q")] if error else [],
    )  # fmt: skip
    shown.status_code = 400 if error else 200
    return shown
