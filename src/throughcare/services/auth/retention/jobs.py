"""Deletion at its time."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.auth.retention.usecases import drop_what_is_over


async def clean_up(ctx: Context) -> None:
    """Delete what is over."""
    await drop_what_is_over(ctx.uow)
