"""What nobody came back to goes."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.ui.typed.usecases import forget_old


async def clear_out(ctx: Context) -> None:
    """Forget what was typed a week ago and more."""
    await forget_old(ctx.uow)
