"""When the extracts are made: on Friday evenings, one after the other."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.jobs.schedule import Job, weekly
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.extract.model import Extract
from throughcare.services.interventions.extract.usecases import make_extract

log = get_logger(__name__)

TIMES = {
    Extract.REFERRALS: "19:00", Extract.APPOINTMENTS: "19:05", Extract.COMPLEXITY: "19:10", Extract.OUTCOMES: "19:15",
}  # fmt: skip


def extract_jobs() -> list[Job]:
    """A job for each file."""
    return [_job(kind, at) for kind, at in TIMES.items()]


def _job(kind: Extract, at: str) -> Job:
    async def run(ctx: Context) -> None:
        rows = await make_extract(ctx, kind)
        log.info("extract made", file=kind.file, rows=rows)

    return Job(f"extract-{kind.value}", weekly("friday", at), run)
