"""ST-01: reporting a problem, signed in or not."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from throughcare.kit.auth.principal import Principal
from throughcare.kit.context import Context
from throughcare.kit.errors import Forbidden
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.form import FORM_PAGES, Sheet, open_form, owner_of
from throughcare.ui.page import page
from throughcare.ui.problem_report.model import REFERENCE, TooManyReports, Words, no_report
from throughcare.ui.problem_report.schemas import ReportForm
from throughcare.ui.problem_report.usecases import take_in
from throughcare.ui.safe import forms_safe
from throughcare.ui.session.routes import recognise_if_signed_in

router = Router(tag="Report a problem", include_in_schema=False)
HERE = "/report-a-problem"


@router.get(HERE, public=True)
@router.post(HERE, public=True, status=303)
async def report_problem(request: Request, ctx: Ctx) -> Response:
    """Say what happened, and be given a number."""
    who = await recognise_if_signed_in(request)
    if who is None and request.method == "POST" and request.headers.get("origin") != _site(ctx):
        raise Forbidden("the form is not one of this site's")
    ctx = Context(ctx.runtime, who or Principal(client_id=""))
    sheet = await open_form(request, ctx, ReportForm, suggested={"page_address": _came_from(request, ctx)})
    if sheet.valid:
        try:
            return await sheet.done(f"{HERE}/{await _take_in(ctx, sheet)}")
        except TooManyReports:
            sheet.status = 429
            sheet.refuse("Too many problems are reported just now. Try again in an hour")
    return await sheet.show("problem_report/form.html", title="Report a problem", page_id="ST-01", signed_in=who)


FORM_PAGES.add(report_problem)


@router.get(f"{HERE}/{{reference}}", public=True)
async def reported(request: Request, reference: str) -> HTMLResponse:
    """The number of the report, and what happens next."""
    if not REFERENCE.fullmatch(reference):
        raise no_report()
    await recognise_if_signed_in(request)
    return page(
        request, "problem_report/sent.html", title="Problem reported", page_id="ST-01-sent", reference=reference
    )


async def _take_in(ctx: Context, sheet: Sheet[ReportForm]) -> str:
    words = Words(sheet.text("what"), sheet.text("page_address"), sheet.text("referral_number"), sheet.form.contact)
    return await take_in(ctx.new_uow(), forms_safe(ctx), sheet.key, words, owner_of(ctx) or None)


def _came_from(request: Request, ctx: Context) -> str:
    """The page of this site from which somebody came, without what was asked of it: that may name a person."""
    found = urlsplit(request.headers.get("referer", ""))
    return found.path if f"{found.scheme}://{found.netloc}" == _site(ctx) and found.path != HERE else ""


def _site(ctx: Context) -> str:
    return str(ctx.runtime.topology.public_url("ui"))
