"""RP-01 to RP-03: asking for the performance report, seeing how far it is, and fetching it."""

from __future__ import annotations

from datetime import date

from fastapi import Request
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.responses import Response

from throughcare.kit.clock import london
from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.form import PROVIDER, Sheet, form_route, open_form
from throughcare.ui.page import page
from throughcare.ui.peers.performance import PerformanceReports
from throughcare.ui.performance_report.model import STATES, periods, problems
from throughcare.ui.performance_report.schemas import ReportForm
from throughcare.ui.referral.views import optional

router = Router(tag="Reporting", include_in_schema=False)
PATH = "/service-provider/performance-report"


@form_route(router, PATH, PROVIDER)
async def reporting(request: Request, ctx: Ctx) -> Response:
    """RP-01: which days a report is to be about, and the reports that were asked for before."""
    today = london(ctx.now).date()
    sheet = await _sheet(request, ctx, today)
    if sheet.valid and _possible(sheet):
        first, last = sheet.day("from_date"), sheet.day("to_date")
        assert first is not None
        assert last is not None
        with sheet.refusals():
            await ctx.peer(PerformanceReports, as_user=True).ask(first, last, str(sheet.key))
            return await sheet.done(f"{PATH}/confirmation")
    reports = await optional(ctx.peer(PerformanceReports, as_user=True).mine(), None)
    return await sheet.show(
        "performance_report/reporting.html", title="Reporting", page_id="RP-01", reports=reports, states=STATES,
        periods=periods(today), path=PATH, today=today,
    )  # fmt: skip


@router.get(f"{PATH}/confirmation", roles=PROVIDER)
async def confirmation(request: Request, ctx: Ctx) -> HTMLResponse:
    """RP-02: the report was asked for, and what comes next."""
    return page(
        request, "performance_report/confirmation.html", title="Data requested", page_id="RP-02", path=PATH
    )  # fmt: skip


@router.get(f"{PATH}/download", roles=PROVIDER)
async def download(request: Request, ctx: Ctx, filename: str = "") -> HTMLResponse:
    """RP-03: a finished report of the visitor's own, where their mail leads."""
    reports = await ctx.peer(PerformanceReports, as_user=True).mine()
    found = next((one for one in reports if one.file and one.file == filename), None)
    if found is None:
        raise NotFound
    return page(
        request, "performance_report/download.html", title="Get your report", page_id="RP-03", report=found, path=PATH
    )


@router.get(f"{PATH}/file/{{name}}", roles=PROVIDER)
async def file(ctx: Ctx, name: str) -> StreamingResponse:
    """The report itself, handed on as it arrives."""
    found = await ctx.peer(PerformanceReports, as_user=True).file(name)
    headers = {"Content-Disposition": found.disposition, "Cache-Control": "no-store"}
    return StreamingResponse(found.parts, media_type=found.media_type, headers=headers)


async def _sheet(request: Request, ctx: Context, today: date) -> Sheet[ReportForm]:
    """The form as it was sent or left; with the days of a period when a link of the page asks for them."""

    def prepare(form: ReportForm) -> None:
        form.today = today

    sheet = await open_form(request, ctx, ReportForm, prepare=prepare)
    wanted = request.query_params.get("period", "")
    chosen = next((one for one in periods(today) if one.key == wanted), None)
    if chosen is not None and not sheet.sent:
        sheet.form, sheet.kept = ReportForm(data={"from_date": chosen.first, "to_date": chosen.last}), None
    return sheet


def _possible(sheet: Sheet[ReportForm]) -> bool:
    first, last = sheet.day("from_date"), sheet.day("to_date")
    found = problems(first, last) if first and last else ()
    for name, text in found:
        sheet.refuse(text, name)
    return not found
