"""SD-06: what is due on a provider's referrals, the earliest deadline first."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pages import NavigationItem
from throughcare.kit.web.router import Router
from throughcare.ui.due.model import MOST, grouped
from throughcare.ui.form import PROVIDER
from throughcare.ui.page import page
from throughcare.ui.peers.due import DueWork
from throughcare.ui.peers.referrals import usernames
from throughcare.ui.peers.users import Users

router = Router(tag="Due work", include_in_schema=False)
PATH = "/service-provider/due"


@router.get(PATH, roles=PROVIDER)
async def due_work(request: Request, ctx: Ctx) -> Response:
    """What is due to the caller and what nobody works on; or to everybody."""
    everybody = request.query_params.get("show") == "all"
    found = await ctx.peer(DueWork, as_user=True).due(mine=not everybody)
    shown = found.content[:MOST]
    names = await ctx.peer(Users, as_user=True).names(usernames(*(one.assigned_to for one in shown)))
    tabs = [
        NavigationItem("Mine and unassigned", PATH, not everybody),
        NavigationItem("Everybody’s", f"{PATH}?show=all", everybody),
    ]
    return page(
        request, "due/due.html", title="Due work", page_id="SD-06", groups=grouped(shown, ctx.clock.today()),
        names=names, tabs=tabs, everybody=everybody, total=len(found.content), most=MOST, more=found.more,
    )  # fmt: skip
