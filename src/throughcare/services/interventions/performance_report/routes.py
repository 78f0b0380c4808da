"""Performance reports for provider staff: ask, see how far it is, fetch. Each is there for whoever asked alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PROVIDER, check_kind
from throughcare.services.interventions.actor.model import GATE, actor_of, kind_of
from throughcare.services.interventions.kept_file.store import FileStore
from throughcare.services.interventions.kept_file.usecases import parts_of
from throughcare.services.interventions.performance_report import usecases
from throughcare.services.interventions.performance_report.model import PerformanceReport
from throughcare.services.interventions.performance_report.schemas import ReportProgress, RequestReport
from throughcare.services.interventions.performance_report.store import PerformanceReportStore
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere
from throughcare.services.interventions.settings import InterventionsSettings

router = Router("/reports/service-provider/performance", tag="Performance reports")


@router.post("", roles=GATE, status=202, errors=[AccessRefused], response_class=Response)
async def request_report(body: RequestReport, response: Response, ctx: Ctx) -> None:
    """Ask for a report on the referrals of the caller's contracts; ``Location`` says how far it is."""
    report = await usecases.request_report(ctx, body.from_date, body.to_date)
    response.headers["Location"] = f"/reports/service-provider/performance/{report.id}"


@router.get("", roles=GATE, errors=[AccessRefused])
async def list_reports(ctx: Ctx) -> list[ReportProgress]:
    """The reports that the caller asked for, newest first."""
    check_kind(kind_of(ctx.user), PROVIDER)
    async with ctx.reading(PerformanceReportStore) as store:
        return await _shown(ctx, store, await store.list_of(actor_of(ctx.user).id))


@router.get("/{report_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_report(report_id: UUID, ctx: Ctx) -> ReportProgress:
    """How far one report has come."""
    check_kind(kind_of(ctx.user), PROVIDER)
    async with ctx.reading(PerformanceReportStore) as store:
        return (await _shown(ctx, store, [await store.get_of(actor_of(ctx.user).id, report_id)]))[0]


@router.get("/file/{file}", roles=GATE, errors=[AccessRefused, NotThere], response_class=StreamingResponse)
async def get_file(file: str, ctx: Ctx) -> StreamingResponse:
    """A finished report as CSV."""
    report = await usecases.find_file(ctx, file)
    name = f"performance-report-{report.from_date}-to-{report.to_date}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(parts_of(ctx, report.id), media_type="text/csv; charset=utf-8", headers=headers)


async def _shown(
    ctx: Context, store: PerformanceReportStore, reports: Sequence[PerformanceReport]
) -> list[ReportProgress]:
    sizes = await FileStore(store.connection).sizes(one.id for one in reports)
    keep = ctx.settings(InterventionsSettings).keep_reports
    return [ReportProgress.of(one, keep, sizes) for one in reports]
