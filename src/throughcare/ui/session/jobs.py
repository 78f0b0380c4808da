"""Old visits go."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.ui.session.usecases import forget_old_visits


async def forget(ctx: Context) -> None:
    """Remove visits and sign-ins that are over."""
    await forget_old_visits(ctx.uow)
