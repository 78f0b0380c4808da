"""Counting at its time."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.auth.session.usecases import count_live_sessions


async def count_sign_ins(ctx: Context) -> None:
    """Show how many sign-ins are alive."""
    await count_live_sessions(ctx.uow)
