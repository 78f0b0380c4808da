"""Taking reports in, and closing them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from throughcare.kit.db import UnitOfWork
from throughcare.ui.problem_report.model import (
    KEPT_AFTER_CLOSING,
    MOST_AN_HOUR,
    Report,
    TooManyReports,
    Words,
    reference_of,
)
from throughcare.ui.problem_report.store import ReportStore
from throughcare.ui.safe import Safe

HOUR = timedelta(hours=1)


async def take_in(uow: UnitOfWork, safe: Safe, report_id: UUID, words: Words, owner: str | None) -> str:
    """The number of the report, the same however often it is sent. Raises TooManyReports."""
    one = Report(report_id, reference_of(report_id), words, owner, uow.now)
    async with uow:
        store = uow.store(ReportStore)
        if await store.count_since(uow.now - HOUR) >= MOST_AN_HOUR:
            raise TooManyReports
        await store.add(one, safe)
    return one.reference


async def close(uow: UnitOfWork, reference: str, by: str) -> None:
    """Somebody has dealt with a report."""
    async with uow:
        await uow.store(ReportStore).close(reference, by, uow.now)


async def forget_closed(uow: UnitOfWork) -> None:
    """Forget what was dealt with 90 days ago."""
    async with uow:
        await uow.store(ReportStore).remove_closed_before(uow.now - KEPT_AFTER_CLOSING)
