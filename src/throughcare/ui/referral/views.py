"""Asks for what every page about a referral shows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.referrals import Referrals, usernames
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import Frame, Side

T = TypeVar("T")
U = TypeVar("U")


async def frame_of(ctx: Context, side: Side, referral_id: UUID) -> Frame:
    """The referral, the case record as far as it can be had, and the names of those who work on it.

    Raises PeerRefused (403, 404), PeerUnavailable.
    """
    peer = ctx.peer(Referrals, as_user=True)
    referral, case = await asyncio.gather(peer.referral(referral_id), optional(peer.case(referral_id), CaseRecord()))
    names = await ctx.peer(Users, as_user=True).names(usernames(referral.assigned_to, referral.sent_by))
    return Frame(side, referral, case, names)


async def optional(question: Awaitable[T], otherwise: U) -> T | U:
    """The answer, or ``otherwise`` when it cannot be had: for what a page can do without."""
    try:
        return await question
    except ServiceError:
        return otherwise
