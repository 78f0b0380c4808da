"""What happens to drafts in time."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.draft import usecases
from throughcare.services.interventions.settings import InterventionsSettings

log = get_logger(__name__)


async def clear_out(ctx: Context) -> str:
    """Delete drafts that nobody sent in time."""
    deleted = await usecases.delete_old_drafts(ctx.uow, ctx.settings(InterventionsSettings).keep_drafts)
    log.info("old drafts deleted", count=deleted)
    return f"{deleted} deleted"
