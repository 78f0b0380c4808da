"""What happens to performance reports in time."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.performance_report import usecases

log = get_logger(__name__)


async def clear_out(ctx: Context) -> None:
    """Delete reports that were ready 28 days ago."""
    deleted = await usecases.drop_old_reports(ctx.uow)
    log.info("old performance reports deleted", labels={"count": str(deleted)})
