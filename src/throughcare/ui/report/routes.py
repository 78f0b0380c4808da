"""ER-01 to ER-05: an end of service report as its provider writes it, and as both sides read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.form import PROVIDER, Sheet, form_key, form_route, open_form
from throughcare.ui.page import done, page
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.peers.reports import Reports
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.report.model import following, reading, writing
from throughcare.ui.report.schemas import FurtherForm, OutcomeForm, SubmitForm
from throughcare.ui.report.views import Reported, reported

router = Router(tag="End of service reports", include_in_schema=False)
OF_REPORT = "/service-provider/end-of-service-report/{report_id:uuid}"
UNFINISHED = "Say how far every desired outcome was achieved before you submit the report"


@router.post("/service-provider/referrals/{referral_id:uuid}/end-of-service-report", roles=PROVIDER, status=303)
async def begin(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """Begin the report on a referral, or go on with the one that was begun."""
    try:
        report = await ctx.peer(Reports, as_user=True).begin(referral_id, str(await form_key(request)))
    except PeerRefused as refused:
        if refused.peer_code != "REPORT_NOT_DUE":
            raise
        return done(request, Side.PROVIDER.of(referral_id), "report-not-due")
    return RedirectResponse(reading(Side.PROVIDER, report.id), 303)


@router.get("/service-provider/referrals/{referral_id:uuid}/end-of-service-report", roles=PROVIDER)
async def of_referral(ctx: Ctx, referral_id: UUID) -> RedirectResponse:
    """The report on a referral, where there is one; else how far the referral has come."""
    report = (await ctx.peer(Referrals, as_user=True).referral(referral_id)).end_of_service_report
    there = reading(Side.PROVIDER, report.id) if report else Side.PROVIDER.of(referral_id)
    return RedirectResponse(there, 303)


@form_route(router, f"{OF_REPORT}/outcomes/{{number:int}}", PROVIDER)
async def outcome(request: Request, ctx: Ctx, report_id: UUID) -> Response:
    """ER-01: how far one desired outcome was achieved."""
    found, number = await reported(ctx, Side.PROVIDER, report_id), int(request.path_params["number"])
    if found.report.submitted_at:
        return RedirectResponse(reading(Side.PROVIDER, report_id), 303)
    if not 1 <= number <= len(found.desired):
        return RedirectResponse(writing(report_id, "further-information"), 303)
    desired, person = found.desired[number - 1], found.frame.referral.person
    missing = f"Select whether {person} achieved the desired outcome"
    values = desired.written.model_dump(exclude={"desired_outcome"}) if desired.written else {}
    sheet = await open_form(
        request, ctx, OutcomeForm, values, later=found.frame.path(),
        prepare=lambda form: setattr(form.achievement_level, "required", missing),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            await ctx.peer(Reports, as_user=True).record(
                report_id, desired.outcome.id, sheet.text("achievement_level"), sheet.text("progression_comments"),
                sheet.text("additional_task_comments"),
            )  # fmt: skip
            after = f"outcomes/{number + 1}" if number < len(found.desired) else "further-information"
            return await sheet.done(_checked(request, report_id, after))
    return await _show(sheet, found, "report/outcome.html", "ER-01", number, desired=desired, person=person)


@form_route(router, f"{OF_REPORT}/further-information", PROVIDER)
async def further_information(request: Request, ctx: Ctx, report_id: UUID) -> Response:
    """ER-02: what else there is to say."""
    found = await reported(ctx, Side.PROVIDER, report_id)
    if found.report.submitted_at:
        return RedirectResponse(reading(Side.PROVIDER, report_id), 303)
    values = {"further_information": found.report.further_information}
    sheet = await open_form(request, ctx, FurtherForm, values, later=found.frame.path())
    if sheet.valid:
        with sheet.refusals():
            await ctx.peer(Reports, as_user=True).inform(report_id, sheet.text("further_information"))
            return await sheet.done(writing(report_id, "check-answers"))
    return await _show(sheet, found, "report/further.html", "ER-02", len(found.desired) + 1)


@router.get(f"{OF_REPORT}/check-answers", roles=PROVIDER)
async def check(request: Request, ctx: Ctx, report_id: UUID) -> Response:
    """ER-03: the whole report once more before it is submitted."""
    found = await reported(ctx, Side.PROVIDER, report_id)
    if found.report.submitted_at:
        return RedirectResponse(reading(Side.PROVIDER, report_id), 303)
    return await _check(await open_form(request, ctx, SubmitForm), found)


@form_route(router, f"{OF_REPORT}/submit", PROVIDER)
async def submit(request: Request, ctx: Ctx, report_id: UUID) -> Response:
    """Submit the report, when everything is written."""
    found = await reported(ctx, Side.PROVIDER, report_id)
    if found.report.submitted_at:
        return RedirectResponse(writing(report_id, "confirmation"), 303)
    sheet = await open_form(request, ctx, SubmitForm)
    if sheet.valid and found.complete:
        with sheet.refusals():
            await ctx.peer(Reports, as_user=True).submit(report_id, str(sheet.key))
            return await sheet.done(writing(report_id, "confirmation"))
    elif sheet.valid:
        sheet.refuse(UNFINISHED)
    return await _check(sheet, found)


@router.get(f"{OF_REPORT}/confirmation", roles=PROVIDER)
async def confirmation(request: Request, ctx: Ctx, report_id: UUID) -> Response:
    """ER-04: it is submitted, and what comes next."""
    found = await reported(ctx, Side.PROVIDER, report_id)
    if found.report.submitted_at is None:
        return RedirectResponse(following(found.report, found.desired), 303)
    return page(
        request, "report/confirmation.html", title="End of service report submitted", page_id="ER-04",
        frame=found.frame, view=reading(Side.PROVIDER, report_id),
    )  # fmt: skip


def _whole(side: Side) -> Callable[..., Awaitable[Response]]:
    async def whole(request: Request, ctx: Ctx, report_id: UUID) -> Response:
        """ER-05: a report; its provider goes on writing one that is not submitted."""
        found = await reported(ctx, side, report_id)
        if found.report.submitted_at is None:
            return RedirectResponse(following(found.report, found.desired), 303)
        return page(
            request, "report/whole.html", title="End of service report", page_id="ER-05", frame=found.frame,
            found=found,
        )  # fmt: skip

    return whole


def _checked(request: Request, report_id: UUID, after: str) -> str:
    """Where one goes on: back to the check for whoever came from there."""
    return writing(report_id, "check-answers" if request.query_params.get("return") == "check" else after)


async def _show(
    sheet: Sheet[Any], found: Reported, template: str, page_id: str, number: int, **values: Any
) -> Response:
    name = found.parts[number - 1].title
    return await sheet.show(
        template, title=f"End of service report: {name[:1].lower()}{name[1:]}", page_id=page_id, frame=found.frame,
        found=found, number=number, pages=len(found.desired) + 2, check=writing(found.report.id, "check-answers"),
        back=found.parts[number - 2].href if number > 1 else None, **values,
    )  # fmt: skip


async def _check(sheet: Sheet[SubmitForm], found: Reported) -> Response:
    return await sheet.show(
        "report/check.html", title="Review the end of service report", page_id="ER-03", frame=found.frame,
        found=found, pages=len(found.desired) + 2, submit=writing(found.report.id, "submit"),
        check=writing(found.report.id, "check-answers"),
    )  # fmt: skip


for each in SIDES:
    router.get(f"/{each.value}/end-of-service-report/{{report_id:uuid}}", roles=each.roles)(_whole(each))
