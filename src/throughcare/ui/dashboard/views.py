"""Asks for what a list of referrals shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from throughcare.kit.context import Context
from throughcare.ui.dashboard.model import Listing
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.peers.places import Prison, Prisons
from throughcare.ui.peers.referrals import Referrals, Summaries, usernames
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
    page = await ctx.peer(Referrals, as_user=True).summaries(listing.question(ctx.user.user_id))
    cells = {one.cell for one in listing.tab.columns}
    names = await caseworkers_of(ctx, page) if "caseworker" in cells else {}
    return Found(page, names, await _prisons(ctx, page) if "place" in cells else {})


async def caseworkers_of(ctx: Context, page: Summaries) -> Mapping[str, str]:
    """The names of those who work on the referrals of a page, by user name."""
    return await ctx.peer(Users, as_user=True).names(usernames(*(one.assigned_to for one in page.content)))


async def _prisons(ctx: Context, page: Summaries) -> Mapping[str, str]:
    if not any(one.location_type == "CUSTODY" for one in page.content):
        return {}
    nothing: Sequence[Prison] = []
    found = await optional(ctx.peer(Prisons, as_user=True).prisons(), nothing)
    return {one.agency_id: one.description for one in found}


async def drafts_of(ctx: Context) -> list[Written]:
    """What a practitioner has not sent yet, the newest first. Raises PeerRefused, PeerUnavailable."""
    return sorted(await ctx.peer(Drafts, as_user=True).mine(), key=lambda one: one.created_at, reverse=True)
