"""What somebody began and has not finished."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.form import PRACTITIONER, owner_of
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.peers.referrals import Referral, Referrals
from throughcare.ui.referral.views import optional
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished.model import Unfinished
from throughcare.ui.unfinished.store import UnfinishedStore

NAMED = 25


@dataclass(frozen=True)
class InHand:
    """Work over several pages, the newest first, the referrals that it is about, and drafts of referrals.

    Drafts are None where they cannot be had now, and empty for whoever makes no referrals.
    """

    works: Sequence[Unfinished]
    referrals: dict[UUID, Referral]
    drafts: Sequence[Written] | None


async def in_hand(ctx: Context) -> InHand:
    """What the caller has not finished. Referrals beyond the first few are not named."""
    async with ctx.reading(UnfinishedStore) as store:
        works = await store.of_owner(owner_of(ctx), forms_safe(ctx))
    wanted = list(dict.fromkeys(one.referral_id for one in works if one.referral_id))[:NAMED]
    drafts, referrals = await asyncio.gather(_drafts(ctx), _referrals(ctx, wanted))
    return InHand(works, referrals, drafts)


async def _referrals(ctx: Context, wanted: Sequence[UUID]) -> dict[UUID, Referral]:
    peer = ctx.peer(Referrals, as_user=True)
    found = await asyncio.gather(*(optional(peer.referral(one), None) for one in wanted))
    return {one.id: one for one in found if one is not None}


async def _drafts(ctx: Context) -> Sequence[Written] | None:
    if not ctx.user.has_any(PRACTITIONER):
        return ()
    found = await optional(ctx.peer(Drafts, as_user=True).mine(), None)
    return found and sorted(found, key=lambda one: one.created_at, reverse=True)
