"""Asks the integration service for outside bodies and their lines; what it does not answer is left out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.ui.consumer.model import Line
from throughcare.ui.peers.consumers import Consumer, Consumers

T = TypeVar("T")
SHOWN = 50


async def all_consumers(ctx: Context) -> list[Consumer] | None:
    """Every consumer; None while the integration service does not answer."""
    return await unless_away(ctx.peer(Consumers, as_user=True).all())


async def line_of(ctx: Context, name: str) -> Line:
    """The oldest deliveries of a consumer that have not arrived; a part that cannot be read is None."""
    doors = ctx.peer(Consumers, as_user=True)
    waiting, dead = await asyncio.gather(
        unless_away(doors.undelivered(name, "waiting", SHOWN)), unless_away(doors.undelivered(name, "dead", SHOWN))
    )
    return Line(waiting, dead)


async def unless_away(question: Awaitable[T]) -> T | None:
    """The answer; None where there is none."""
    try:
        return await question
    except ServiceError:
        return None
