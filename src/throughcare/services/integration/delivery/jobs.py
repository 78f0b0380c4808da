"""The publisher and the cleaner."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.integration.delivery import usecases


async def publish(ctx: Context) -> int:
    """One round: distribute what is due, send what waits; how much was done."""
    return await usecases.distribute(ctx) + await usecases.send_waiting(ctx)


async def clean(ctx: Context) -> None:
    """Delete delivered notifications."""
    await usecases.forget_delivered(ctx)
