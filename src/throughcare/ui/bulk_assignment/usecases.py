"""Assigning several referrals to one caseworker."""

from __future__ import annotations

import asyncio

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import PeerRefused
from throughcare.ui.assignment.model import Caseworker, refused_as_caseworker
from throughcare.ui.bulk_assignment.model import Chosen, NotAll, remembered, words_of
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Unfinished

AT_ONCE = 4
NOT_ALLOWED = "the caseworker cannot work on referrals of this contract"
REFUSED = "it is no longer open to you"
AWAY = "it could not be saved just now"


async def assign_all(ctx: Context, work: Unfinished, to: Caseworker) -> None:
    """Assign every referral of the work, each once however often it is tried. Raises NotAll.

    Those that were assigned are no part of the work afterwards.
    """
    chosen, turn = remembered(work.words), asyncio.Semaphore(AT_ONCE)

    async def assign(one: Chosen) -> str | None:
        async with turn:
            return await _assign(ctx, work, one, to)

    reasons = await asyncio.gather(*map(assign, chosen))
    left = [(one, why) for one, why in zip(chosen, reasons, strict=True) if why is not None]
    if left:
        await unfinished.change(ctx.new_uow(), forms_safe(ctx), work.id, words_of([one for one, _ in left]))
        raise NotAll(left, len(chosen) - len(left))


async def _assign(ctx: Context, work: Unfinished, one: Chosen, to: Caseworker) -> str | None:
    """Why a referral could not be assigned; None when it was."""
    key = f"{work.id.hex}{one.uuid.hex}:{to.user.user_id.replace('-', '')[:32]}"
    try:
        await ctx.peer(Referrals, as_user=True).assign(one.uuid, to.user, key)
    except PeerRefused as refused:
        if refused_as_caseworker(refused):
            return NOT_ALLOWED
        return REFUSED if refused.peer_status in {403, 404} else AWAY
    except ServiceError:
        return AWAY
    return None
