"""PD-01 to PD-05 and SD-01 to SD-05: the lists of referrals that practitioners and providers work from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.dashboard.model import DRAFTS, TABS, Listing, Tab
from throughcare.ui.dashboard.views import drafts_of, lines_of, list_page
from throughcare.ui.page import page
from throughcare.ui.referral.model import SIDES, Side

router = Router(tag="Dashboards", include_in_schema=False)
Handler = Callable[..., Awaitable[Response]]


def _list(side: Side, tab: Tab) -> Handler:
    async def show_list(request: Request, ctx: Ctx) -> Response:
        """A page of a list."""
        listing = Listing.read(side, tab, request.query_params)
        found = await lines_of(ctx, listing)
        last = max(found.page.total_pages, 1)
        if listing.page > last:
            return RedirectResponse(listing.link(page=last), 303)
        return list_page(request, listing, found)

    return show_list


@router.get(f"{Side.PRACTITIONER.dashboard}/{DRAFTS.path}", roles=Side.PRACTITIONER.roles)
async def draft_cases(request: Request, ctx: Ctx) -> Response:
    """PD-05: what a practitioner has not sent yet."""
    return page(
        request, "dashboard/drafts.html", title=DRAFTS.title, page_id=DRAFTS.page_id,
        listing=Listing(Side.PRACTITIONER, DRAFTS), drafts=await drafts_of(ctx),
    )  # fmt: skip


for one in SIDES:
    router.get(one.dashboard, roles=one.roles)(_list(one, TABS[one][0]))
    for each in TABS[one]:
        if each is not DRAFTS:
            router.get(f"{one.dashboard}/{each.path}", roles=one.roles)(_list(one, each))
