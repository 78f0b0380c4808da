"""Asks for everything that a practitioner's first page shows at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import Query
from throughcare.ui.home.model import Landing
from throughcare.ui.peers.drafts import Drafts
from throughcare.ui.peers.referrals import Referrals

T = TypeVar("T")


async def landing_of(ctx: Context) -> Landing:
    """What the practitioner has in hand; what does not answer is left out."""
    opened, unassigned, drafts = await asyncio.gather(
        _count(ctx), _count(ctx, unassigned="true"), _unless_away(ctx.peer(Drafts, as_user=True).mine())
    )
    return Landing(opened, unassigned, drafts)


async def _count(ctx: Context, **more: str) -> int | None:
    params: Query = {"completed": "false", "cancelled": "false", "page": 1, "size": 1, **more}
    found = await _unless_away(ctx.peer(Referrals, as_user=True).summaries(params))
    return found.total_elements if found else None


async def _unless_away(question: Awaitable[T]) -> T | None:
    try:
        return await question
    except ServiceError:
        return None
