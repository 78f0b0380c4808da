"""Performance reports on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.performance_report import model

Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]


class RequestReport(Wire):
    """The days on which the referrals were sent, both included."""

    from_date: Day
    to_date: Day


class ReportProgress(Wire):
    """How far a report has come: WAITING, RUNNING, READY or FAILED.

    ``file``, ``sizeInBytes`` and ``expiresAt``, after which it may be deleted, are there once it can be fetched.
    """

    id: UUID
    from_date: date
    to_date: date
    requested_at: datetime
    state: model.State
    referrals_written: int
    referrals_in_all: int
    finished_at: datetime | None
    file: str | None
    size_in_bytes: int | None
    expires_at: datetime | None

    @classmethod
    def of(cls, report: model.PerformanceReport, keep: timedelta, sizes: Mapping[UUID, int]) -> Self:
        """The report as whoever asked for it sees it; a finished one is kept for ``keep``, ``sizes`` are in bytes."""
        ready = report.state is model.State.READY
        return cls(
            id=report.id, from_date=report.from_date, to_date=report.to_date, requested_at=report.requested_at,
            state=report.state, referrals_written=report.done, referrals_in_all=report.total,
            finished_at=report.finished_at, file=report.file if ready else None,
            size_in_bytes=sizes.get(report.id) if ready else None,
            expires_at=report.finished_at + keep if ready and report.finished_at else None,
        )  # fmt: skip
