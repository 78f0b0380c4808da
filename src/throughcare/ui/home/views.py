"""Asks for everything that the home page shows at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import PeerRefused
from throughcare.ui.home.model import Cases, Refused, caseworkers
from throughcare.ui.peers.interventions import Interventions
from throughcare.ui.peers.users import Users

T = TypeVar("T")
OPEN, ENDED = 20, 5
AWAY = "The interventions service is not answering. Nothing is lost: try again soon."


async def practitioner_cases(ctx: Context) -> Cases:
    """The referrals that a practitioner sent or manages, and what they have not sent yet."""
    peer = ctx.peer(Interventions, as_user=True)
    opened, ended, drafts = await asyncio.gather(
        _part(peer.open_referrals(OPEN)), _part(peer.ended_referrals(ENDED)), _part(peer.drafts())
    )
    names = await ctx.peer(Users, as_user=True).names(caseworkers(opened, ended))
    return Cases(ended=ended, open=opened, drafts=drafts, names=names)


async def provider_cases(ctx: Context) -> Cases:
    """The referrals to a caseworker's contracts: those that nobody has yet, those in hand, those that ended last."""
    peer = ctx.peer(Interventions, as_user=True)
    unassigned, assigned, ended = await asyncio.gather(
        _part(peer.open_referrals(OPEN, unassigned=True)), _part(peer.open_referrals(OPEN, unassigned=False)),
        _part(peer.ended_referrals(ENDED)),
    )  # fmt: skip
    names = await ctx.peer(Users, as_user=True).names(caseworkers(assigned, ended))
    return Cases(ended=ended, unassigned=unassigned, assigned=assigned, names=names)


async def _part(question: Awaitable[T]) -> T | Refused:
    try:
        return await question
    except PeerRefused as refused:
        return Refused(_in_words(refused))
    except ServiceError:
        return Refused(AWAY)


def _in_words(refused: PeerRefused) -> str:
    """Every reason that the service gives, and who can help."""
    reasons = [str(one) for one in refused.body.get("accessErrors") or ["your account may not see this"]]
    sentences = [f"{reason[:1].upper()}{reason[1:]}." for reason in reasons]
    return " ".join([*sentences, "Ask an administrator of your organisation to check your account."])
