"""Asks for what a list of referrals shows, and shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.ui.dashboard.model import Listing, pagination
from throughcare.ui.page import page
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.peers.places import Prison, Prisons
from throughcare.ui.peers.referrals import Referrals, Summaries, Summary, usernames
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.views import optional


@dataclass(frozen=True)
class Found:
    """A page of a list, the names of the caseworkers on it, and those of its prisons as far as they could be had."""

    page: Summaries
    names: Mapping[str, str] = field(default_factory=dict)
    prisons: Mapping[str, str] = field(default_factory=dict)


async def lines_of(ctx: Context, listing: Listing) -> Found:
    """The lines that a list shows. Raises PeerRefused (403), PeerUnavailable."""
    lines = await ctx.peer(Referrals, as_user=True).summaries(listing.question(ctx.user.user_id))
    cells = {one.cell for one in listing.tab.columns}
    names = await caseworkers_of(ctx, lines.content) if "caseworker" in cells else {}
    return Found(lines, names, await _prisons(ctx, lines) if "place" in cells else {})


async def caseworkers_of(ctx: Context, lines: Sequence[Summary]) -> Mapping[str, str]:
    """The names of those who work on the referrals of these lines, by user name."""
    return await ctx.peer(Users, as_user=True).names(usernames(*(one.assigned_to for one in lines)))


async def _prisons(ctx: Context, lines: Summaries) -> Mapping[str, str]:
    if not any(one.location_type == "CUSTODY" for one in lines.content):
        return {}
    nothing: Sequence[Prison] = []
    found = await optional(ctx.peer(Prisons, as_user=True).prisons(), nothing)
    return {one.agency_id: one.description for one in found}


async def drafts_of(ctx: Context) -> list[Written]:
    """What a practitioner has not sent yet, the newest first. Raises PeerRefused, PeerUnavailable."""
    return sorted(await ctx.peer(Drafts, as_user=True).mine(), key=lambda one: one.created_at, reverse=True)


def list_page(request: Request, listing: Listing, found: Found, errors: Sequence[tuple[str, str]] = ()) -> Response:
    """A page of a list; with ``errors`` (400) it says what was wrong with what was chosen on it."""
    last = max(found.page.total_pages, 1)
    shown = page(
        request, "dashboard/list.html", title=listing.tab.title, page_id=listing.tab.page_id, listing=listing,
        found=found, pages=pagination(listing, last) if last > 1 else None, errors=list(errors),
    )  # fmt: skip
    shown.status_code = 400 if errors else 200
    return shown
