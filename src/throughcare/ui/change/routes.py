"""CL-01 and CL-02: what was changed about a referral since it was sent, for both sides."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.change.model import PRISON, compare, title_of
from throughcare.ui.page import page
from throughcare.ui.peers.changes import Changes
from throughcare.ui.peers.places import Prison, Prisons
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.referral.views import frame_of, optional

router = Router(tag="Change log", include_in_schema=False)
View = Callable[..., Awaitable[HTMLResponse]]


def _changes(side: Side) -> View:
    async def changes(request: Request, ctx: Ctx, referral_id: UUID) -> HTMLResponse:
        """CL-01: every change, the newest first."""
        frame, found = await asyncio.gather(
            frame_of(ctx, side, referral_id), ctx.peer(Changes, as_user=True).of_referral(referral_id)
        )
        names = await ctx.peer(Users, as_user=True).names(one.changed_by.username for one in found)
        title = f"{frame.referral.contract}: change log"
        return page(
            request, "change/list.html", title=title, page_id="CL-01", frame=frame, tab="changelog", changes=found,
            names=names,
        )  # fmt: skip

    return changes


def _change(side: Side) -> View:
    async def change(request: Request, ctx: Ctx, referral_id: UUID, change_id: UUID) -> HTMLResponse:
        """CL-02: one change, what it took out and what it put in marked."""
        frame, found = await asyncio.gather(
            frame_of(ctx, side, referral_id), ctx.peer(Changes, as_user=True).change(change_id)
        )
        if found.referral_id != referral_id:
            raise NotFound
        nobody: Sequence[Prison] = ()
        asked = optional(ctx.peer(Prisons, as_user=True).prisons(), nobody) if found.topic == PRISON else _none()
        names, prisons = await asyncio.gather(ctx.peer(Users, as_user=True).names([found.changed_by.username]), asked)
        compared = compare(found, {one.agency_id: one.description for one in prisons})
        return page(
            request, "change/one.html", title=title_of(found), page_id="CL-02", frame=frame, tab="changelog",
            change=found, compared=compared, by=names[found.changed_by.username],
        )  # fmt: skip

    return change


async def _none() -> Sequence[Prison]:
    return ()


for each in SIDES:
    base = f"/{each.value}/referrals/{{referral_id}}/changelog"
    router.get(base, roles=each.roles)(_changes(each))
    router.get(f"{base}/{{change_id}}/details", roles=each.roles)(_change(each))
