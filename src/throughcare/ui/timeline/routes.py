"""RO-04: everything that happened to a referral, for both sides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.change.model import PRISON
from throughcare.ui.page import page
from throughcare.ui.peers.places import Prison, Prisons
from throughcare.ui.peers.referrals import usernames
from throughcare.ui.peers.timeline import Happened, Timelines
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.referral.views import frame_of, optional
from throughcare.ui.timeline.model import author_filters, group_filters, line_of, wanted_of

router = Router(tag="Timeline", include_in_schema=False)


def _timeline(side: Side) -> Callable[..., Awaitable[HTMLResponse]]:
    async def timeline(
        request: Request, ctx: Ctx, referral_id: UUID, show: str = "", by: str = ""
    ) -> HTMLResponse:  # fmt: skip
        """Everything, or one kind of things, or what one person did; the newest first."""
        frame, items = await asyncio.gather(
            frame_of(ctx, side, referral_id), ctx.peer(Timelines, as_user=True).of_referral(referral_id)
        )
        people = usernames(*(one.by for one in items), *(one.assigned_to for one in items))
        names, prisons = await asyncio.gather(ctx.peer(Users, as_user=True).names(people), _prisons(ctx, items))
        wanted, base = wanted_of(show, by), frame.path("timeline")
        shown = [line_of(one, frame, names, prisons) for one in items if wanted.shows(one)]
        return page(
            request, "timeline/timeline.html", title=f"{frame.referral.contract}: timeline", page_id="RO-04",
            frame=frame, tab="timeline", lines=shown, all=len(items), base=base,
            groups=group_filters(items, wanted, base), authors=author_filters(items, wanted, base, names),
        )  # fmt: skip

    return timeline


async def _prisons(ctx: Context, items: Sequence[Happened]) -> dict[str, str]:
    """The names of prisons, asked for only where a change names one; none when they cannot be had."""
    if not any(one.change and one.change.topic == PRISON for one in items):
        return {}
    nothing: Sequence[Prison] = ()
    found = await optional(ctx.peer(Prisons, as_user=True).prisons(), nothing)
    return {one.agency_id: one.description for one in found}


for each in SIDES:
    router.get(f"/{each.value}/referrals/{{referral_id}}/timeline", roles=each.roles)(_timeline(each))
