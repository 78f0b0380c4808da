"""FB-01 to FB-06: what happened at an appointment, page by page, and the whole of it for both sides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.booking.model import METHODS, TYPES, wire
from throughcare.ui.booking.views import appointment_of, target_of
from throughcare.ui.feedback.model import (
    REASONS,
    attendance_of,
    given,
    practitioner_is_told,
    recorded,
    session_answers,
)
from throughcare.ui.feedback.schemas import AbsentForm, AttendanceForm, NotHeldForm, SessionForm, ask_about
from throughcare.ui.feedback.usecases import Account
from throughcare.ui.form import PROVIDER, PageForm, Sheet, form_key, form_route, open_form, owner_of
from throughcare.ui.page import done, page
from throughcare.ui.peers.delivery import Meeting
from throughcare.ui.peers.places import Places
from throughcare.ui.peers.referrals import usernames
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.referral.views import optional
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Kind

router = Router(tag="Feedback", include_in_schema=False)
ASSESSMENT = "/service-provider/referrals/{referral_id:uuid}/supplier-assessment/post-assessment-feedback"
SESSION = "/service-provider/action-plan/{plan_id:uuid}/appointment/{number:int}/post-session-feedback"
EDIT = "/edit/{work_id:uuid}"


async def attendance(request: Request, ctx: Ctx) -> Response:
    """FB-01: whether the session happened, and if not whether the person came."""
    account = await _account(request, ctx)
    sheet = await open_form(
        request, ctx, AttendanceForm, attendance_of(account.feedback.attendance_feedback.model_dump())
    )
    if sheet.valid:
        with sheet.refusals():
            await account.attend(recorded(sheet.text("did_session_happen"), sheet.text("attended")))
            held = sheet.text("did_session_happen") == "yes"
            return await sheet.done(f"{account.base}/{'behaviour' if held else 'no-session'}")
    title = f"Add feedback: {account.target.name}"
    offices = await optional(ctx.peer(Places, as_user=True).offices(), ())
    return await sheet.show(
        "feedback/attendance.html", title=title, page_id="FB-01", filling=account, frame=account.target.frame,
        methods=METHODS, offices={one.code: one.description for one in offices},
    )  # fmt: skip


async def behaviour(request: Request, ctx: Ctx) -> Response:
    """FB-02: how the session went."""
    account = await _account(request, ctx)
    if account.feedback.attendance_feedback.did_session_happen is not True:
        return RedirectResponse(f"{account.base}/attendance", 303)
    answers, person = session_answers(account.feedback.session_feedback), account.target.frame.referral.person
    sheet = await open_form(
        request, ctx, SessionForm, {**answers, "notify_probation_practitioner": answers["notify"]},
        prepare=lambda form: ask_about(form, person),
    )  # fmt: skip
    return await _saved(account, sheet, "feedback/session.html", "You told us that the session happened", "FB-02")


async def no_session(request: Request, ctx: Ctx) -> Response:
    """FB-03 or FB-04: why the session did not happen, or what is known of a person who did not come."""
    account = await _account(request, ctx)
    came = account.feedback.attendance_feedback
    if came.did_session_happen is not False:
        return RedirectResponse(f"{account.base}/attendance", 303)
    answers, person = session_answers(account.feedback.session_feedback), account.target.frame.referral.person
    values = {**answers, "notify_probation_practitioner": answers["concerned"]}
    if came.attended == "no":
        absent = await open_form(request, ctx, AbsentForm, values)
        title = "You told us that the person did not attend"
        return await _saved(account, absent, "feedback/absent.html", title, "FB-04")
    reasons = [
        (code, f"Because {person} {text}" if code != "LOGISTICS" else f"Because {text}")
        for code, text in REASONS.items()
    ]
    sheet = await open_form(
        request, ctx, NotHeldForm, values,
        prepare=lambda form: setattr(form.no_session_reason_type, "choices", reasons),
    )  # fmt: skip
    return await _saved(account, sheet, "feedback/not_held.html", "You told us that the person attended", "FB-03")


async def check(request: Request, ctx: Ctx) -> Response:
    """FB-05: everything once more before it is sent."""
    account = await _account(request, ctx)
    if account.feedback.attendance_feedback.did_session_happen is None:
        return RedirectResponse(f"{account.base}/attendance", 303)
    return await _check_page(account, Sheet(request, ctx, PageForm(), False, await form_key(request)))


async def submit(request: Request, ctx: Ctx) -> Response:
    """Send the feedback."""
    if outcome := await _sent_before(request, ctx):
        return RedirectResponse(outcome, 303)
    account = await _account(request, ctx)
    sheet = Sheet(request, ctx, AttendanceForm(), True, await form_key(request))
    with sheet.refusals():
        outcome = await account.send(str(sheet.key))
        return done(request, outcome, "feedback-told" if practitioner_is_told(account.feedback) else "feedback-added")
    return await _check_page(account, sheet)


async def _sent_before(request: Request, ctx: Context) -> str | None:
    """Where the booking that this feedback belongs to led; None when it was not sent, or the appointment is booked."""
    work_id = request.path_params.get("work_id")
    if work_id is None:
        return None
    kind = Kind.SESSION if "number" in request.path_params else Kind.ASSESSMENT
    return await unfinished.outcome_of(ctx.new_uow(), forms_safe(ctx), work_id, kind, owner=owner_of(ctx))


async def _account(request: Request, ctx: Context) -> Account:
    target = await target_of(ctx, request.path_params)
    work_id = request.path_params.get("work_id")
    if work_id is not None:
        work = await unfinished.open_work(ctx.new_uow(), forms_safe(ctx), work_id, target.kind, owner=owner_of(ctx))
        return Account(ctx, target, Meeting.model_validate({**wire(work.words), "appointmentFeedback": {}}), work)
    if target.current is None:
        raise NotFound("nothing is booked yet")
    return Account(ctx, target, target.current)


async def _saved(account: Account, sheet: Sheet[Any], template: str, title: str, page_id: str) -> Response:
    if sheet.valid:
        with sheet.refusals():
            await account.account(given({name: field.data for name, field in sheet.form._fields.items()}))
            return await sheet.done(f"{account.base}/check-your-answers")
    return await sheet.show(
        template, title=title, page_id=page_id, filling=account, frame=account.target.frame,
        person=account.target.frame.referral.person,
    )  # fmt: skip


async def _check_page(account: Account, sheet: Sheet[Any]) -> Response:
    return await sheet.show(
        "feedback/check.html", title=f"Confirm feedback: {account.target.name}", page_id="FB-05", filling=account,
        frame=account.target.frame, feedback=account.feedback, person=account.target.frame.referral.person,
        reasons=REASONS, held=account.held,
    )  # fmt: skip


def _whole(side: Side) -> Callable[..., Awaitable[Response]]:
    async def whole(request: Request, ctx: Ctx) -> Response:
        """FB-06: the feedback on an appointment, and who gave it; the one that counts when none is named."""
        ids = request.path_params
        target = await target_of(ctx, ids, side)
        held = appointment_of(target, ids) if "appointment_id" in ids else target.current
        if held is None or not held.appointment_feedback.submitted:
            raise NotFound("there is no feedback yet")
        feedback = held.appointment_feedback
        names = await ctx.peer(Users, as_user=True).names(usernames(feedback.submitted_by))
        offices = await optional(ctx.peer(Places, as_user=True).offices(), ())
        title = f"{target.name.capitalize()}: feedback"
        return page(
            request, "feedback/whole.html", title=title, page_id="FB-06", frame=target.frame, held=held,
            feedback=feedback, person=target.frame.referral.person, reasons=REASONS, methods=METHODS,
            types=TYPES if target.session else {}, offices={one.code: one.description for one in offices},
            by=names[feedback.submitted_by.username] if feedback.submitted_by else None,
        )  # fmt: skip

    return whole


for base in (ASSESSMENT, f"{ASSESSMENT}{EDIT}", SESSION, f"{SESSION}{EDIT}"):
    form_route(router, f"{base}/attendance", PROVIDER)(attendance)
    form_route(router, f"{base}/behaviour", PROVIDER)(behaviour)
    form_route(router, f"{base}/no-session", PROVIDER)(no_session)
    router.get(f"{base}/check-your-answers", roles=PROVIDER)(check)
    router.post(f"{base}/submit", roles=PROVIDER, status=303)(submit)

for each in SIDES:
    of_assessment = f"/{each.value}/referrals/{{referral_id:uuid}}/supplier-assessment/post-assessment-feedback"
    one = "session/{number:int}/appointment/{appointment_id:uuid}/post-session-feedback"
    of_plan = f"/{each.value}/action-plan/{{plan_id:uuid}}"
    for path in (
        of_assessment, f"{of_assessment}/{{appointment_id:uuid}}",
        f"/{each.value}/referrals/{{referral_id:uuid}}/{one}",
        f"{of_plan}/{one}",
        f"{of_plan}/appointment/{{number:int}}/post-session-feedback",
    ):  # fmt: skip
        router.get(path, roles=each.roles)(_whole(each))
