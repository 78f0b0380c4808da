"""Unfinished work that nobody came back to goes."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.ui.unfinished.usecases import forget_old


async def clear_out(ctx: Context) -> None:
    """Forget work that nobody changed for a week."""
    await forget_old(ctx.uow)
