"""Tells whoever asked for a performance report what became of it."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, reaction
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.message.model import Mail
from throughcare.services.interventions.message.usecases import find_contact, request_mails
from throughcare.services.interventions.peers.auth import Contact
from throughcare.services.interventions.performance_report.model import PerformanceReport
from throughcare.services.interventions.performance_report.store import PerformanceReportStore
from throughcare.services.interventions.settings import pages


class PerformanceReportCompleted(Reads, types=["interventions.performance-report.completed"]):
    """A report can be fetched."""

    report_id: UUID


class PerformanceReportFailed(Reads, types=["interventions.performance-report.failed"]):
    """A report could not be written."""

    report_id: UUID


@reaction(PerformanceReportCompleted)
async def on_report_completed(event: PerformanceReportCompleted, ctx: Context) -> None:
    """Say where it is."""
    report, to = await _report(ctx, event.report_id)
    values = {"serviceProviderFirstName": to.first_name, "reportUrl": pages(ctx).performance_report(report.file)}
    mail = Mail("service-provider-performance-report-ready", values)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id)


@reaction(PerformanceReportFailed)
async def on_report_failed(event: PerformanceReportFailed, ctx: Context) -> None:
    """Say that it failed, with the number to ask about."""
    report, to = await _report(ctx, event.report_id)
    values = {"serviceProviderFirstName": to.first_name, "jobInstanceId": str(report.id)}
    mail = Mail("service-provider-performance-report-failed", values)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id)


async def _report(ctx: Context, report_id: UUID) -> tuple[PerformanceReport, Contact]:
    async with ctx.reading(PerformanceReportStore) as store:
        report = await store.get(report_id)
        asked = await named(store, [report.requested_by])
    return report, await find_contact(ctx, asked[report.requested_by])
