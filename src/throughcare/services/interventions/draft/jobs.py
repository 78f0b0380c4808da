"""What happens to drafts in time."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.draft import usecases

log = get_logger(__name__)


async def clear_out(ctx: Context) -> None:
    """Delete drafts that nobody sent within 90 days."""
    deleted = await usecases.delete_old_drafts(ctx.uow)
    log.info("old drafts deleted", labels={"count": str(deleted)})
