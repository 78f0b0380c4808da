"""What happens to performance reports in time."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.performance_report import usecases
from throughcare.services.interventions.settings import InterventionsSettings

log = get_logger(__name__)


async def clear_out(ctx: Context) -> str:
    """Delete reports that have been there long enough."""
    deleted = await usecases.drop_old_reports(ctx.uow, ctx.settings(InterventionsSettings).keep_reports)
    log.info("old performance reports deleted", count=deleted)
    return f"{deleted} deleted"
