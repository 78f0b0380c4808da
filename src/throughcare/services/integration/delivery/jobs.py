"""The publisher and the cleaner."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.services.integration.delivery import usecases
from throughcare.services.integration.settings import CLEAN, PUBLISH, IntegrationSettings


async def publish(ctx: Context) -> int:
    """One round: distribute what is due, send what waits; how much was done."""
    if PUBLISH in ctx.settings(IntegrationSettings).disabled_flags:
        return 0
    return await usecases.publish(ctx)


async def clean(ctx: Context) -> None:
    """Delete what was delivered, and old refusals."""
    if CLEAN not in ctx.settings(IntegrationSettings).disabled_flags:
        await usecases.forget_delivered(ctx)
