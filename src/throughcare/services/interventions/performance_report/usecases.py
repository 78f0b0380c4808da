"""Takes requests for performance reports and writes the reports, some referrals at a time.

Each part is written in one transaction together with how far the report has come: whoever dies on the way, the next
one goes on from there, and nothing is written twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.access.usecases import provider_scope
from throughcare.services.interventions.actor.model import actor_of
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.kept_file.store import FileStore
from throughcare.services.interventions.performance_report.events import (
    PerformanceReportCompleted,
    PerformanceReportFailed,
)
from throughcare.services.interventions.performance_report.model import (
    HEADER,
    PerformanceReport,
    as_text,
    check_days,
    new_file,
    outside,
)
from throughcare.services.interventions.performance_report.store import PerformanceReportStore
from throughcare.services.interventions.performance_report.views import PerformanceReportViews
from throughcare.services.interventions.refusal.model import AccessRefused
from throughcare.services.interventions.reporting.model import Place, Population
from throughcare.services.interventions.reporting.views import ReportingViews

log = get_logger(__name__)

REFERRALS_A_PART = 1000
MOST_ATTEMPTS = 5
PAUSE_SECONDS = 30


async def request_report(ctx: Context, first: date, last: date) -> PerformanceReport:
    """The request of a provider's user for a report on the referrals of their contracts.

    Raises AccessRefused, AccessDenied, Invalid.
    """
    scope = await provider_scope(ctx)
    check_days(first, last)
    catalogue, by = await current_catalogue(ctx), actor_of(ctx.user)
    interventions = sorted(catalogue.by_contract[one].id for one in scope.contracts)
    report = PerformanceReport(new_id(), new_file(), ctx.now, by.id, first, last, interventions, total=0)
    async with ctx.uow as uow:
        await uow.store(ActorStore).note(by)
        total = await ReportingViews(uow.connection).count_of(population_of(report))
        report = replace(report, total=total)
        await uow.store(PerformanceReportStore).add(report)
    return report


async def find_file(ctx: Context, file: str) -> PerformanceReport:
    """The finished report with this file name, for whoever asked for it while they still hold its contracts.

    Raises AccessRefused, AccessDenied, NotThere.
    """
    scope = await provider_scope(ctx)
    async with ctx.reading(PerformanceReportStore) as store:
        report = await store.get_file_of(actor_of(ctx.user).id, file)
    catalogue = await current_catalogue(ctx)
    if reasons := outside(report, scope, catalogue):
        raise AccessRefused(*reasons)
    return report


async def write_some(ctx: Context) -> int:
    """Write the next part of the oldest open report; how many parts were written, 0 when there is nothing to do."""
    taken: UUID | None = None
    try:
        async with ctx.new_uow() as uow:
            found = await uow.store(PerformanceReportStore).take()
            if found is None:
                return 0
            taken = found[0].id
            await _write_part(uow, *found)
    except Exception:
        if taken is None:
            raise
        log.exception("part of a performance report failed", report_id=taken)
        await _put_off(ctx.new_uow(), taken)
    return 1


async def _write_part(uow: UnitOfWork, report: PerformanceReport, place: Place | None) -> None:
    views = PerformanceReportViews(uow.connection)
    lines, last = await views.lines(population_of(report), after=place, limit=REFERRALS_A_PART)
    over = len(lines) < REFERRALS_A_PART
    content = ("" if report.parts else HEADER) + as_text(lines)
    await uow.store(FileStore).add(report.id, report.parts, content)
    done = report.done + len(lines)
    changed = replace(report, done=done, parts=report.parts + 1, finished_at=uow.now if over else None)
    await uow.store(PerformanceReportStore).advance(changed, last)
    if over:
        uow.publish(PerformanceReportCompleted(report_id=report.id))


async def _put_off(uow: UnitOfWork, report_id: UUID) -> None:
    async with uow:
        store = uow.store(PerformanceReportStore)
        if await store.put_off(report_id, PAUSE_SECONDS) >= MOST_ATTEMPTS:
            await store.give_up(report_id, uow.now)
            uow.publish(PerformanceReportFailed(report_id=report_id))


async def drop_old_reports(uow: UnitOfWork, keep: timedelta) -> int:
    """Delete reports that have been there for ``keep``; how many."""
    async with uow:
        gone = await uow.store(PerformanceReportStore).remove_older_than(uow.now - keep)
        await uow.store(FileStore).remove(gone)
    return len(gone)


def population_of(report: PerformanceReport) -> Population:
    """The referrals that a report is about."""
    return Population(report.since, report.until, report.interventions)
