"""What was dealt with long ago goes."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.ui.problem_report.usecases import forget_closed


async def clear_out(ctx: Context) -> None:
    """Forget reports that were dealt with 90 days ago."""
    await forget_closed(ctx.uow)
