"""BK-00 to BK-05: booking and moving the supplier assessment and the sessions, and looking at what is booked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.wording import day as in_words
from throughcare.ui.booking.model import (
    METHODS,
    PROVIDER,
    TYPES,
    Target,
    earliest_and_latest,
    moment,
    shown,
    starts,
    words_of,
)
from throughcare.ui.booking.schemas import BookingForm
from throughcare.ui.booking.usecases import book
from throughcare.ui.booking.views import target_of
from throughcare.ui.form import PROVIDER as CASEWORKERS
from throughcare.ui.form import Sheet, form_key, form_route, open_form, owner_of
from throughcare.ui.page import done, page
from throughcare.ui.peers.places import Place, Places
from throughcare.ui.referral.views import optional
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Unfinished

router = Router(tag="Booking", include_in_schema=False)
BASES = (
    "/service-provider/referrals/{referral_id:uuid}/supplier-assessment/schedule",
    "/service-provider/action-plan/{plan_id:uuid}/sessions/{number:int}/edit",
)


async def start(request: Request, ctx: Ctx) -> Response:
    """BK-00: begin to book; by GET, for old links, a page with the button that begins."""
    target = await target_of(ctx, request.path_params)
    if request.method == "GET":
        title = f"Book {'the ' if target.session is None else ''}{target.name}"
        return page(
            request, "booking/start.html", title=title, page_id="BK-00", frame=target.frame, target=target
        )  # fmt: skip
    words = words_of(target.current)
    if not target.moves(ctx.now):
        words = {name: said for name, said in words.items() if name not in {"date", "time"}}
    work = await unfinished.begin(
        ctx.new_uow(), forms_safe(ctx), await form_key(request), target.kind, owner=owner_of(ctx),
        about=target.about, words=words,
    )  # fmt: skip
    return RedirectResponse(f"{target.about}/{work.id}/details", 303)


async def details(request: Request, ctx: Ctx) -> Response:
    """BK-01: when, how and where."""
    target, work, offices = await _under_way(request, ctx)
    sheet = await open_form(request, ctx, BookingForm, shown(work.words), prepare=_prepare(target, offices, ctx))
    if sheet.valid and _possible(sheet, target, ctx):
        await unfinished.change(ctx.new_uow(), forms_safe(ctx), work.id, {**work.words, **_words(sheet)})
        return await sheet.done(f"{target.about}/{work.id}/check-answers")
    return await _form(sheet, target, f"{target.about}/{work.id}/details", ctx)


async def check_answers(request: Request, ctx: Ctx) -> Response:
    """BK-02: everything once more before it is booked."""
    target, work, offices = await _under_way(request, ctx)
    if "duration" not in work.words or "date" not in work.words:
        return RedirectResponse(f"{target.about}/{work.id}/details", 303)
    title = "Confirm appointment details" if target.session is None else f"Confirm {target.name} details"
    return page(
        request, "booking/check.html", title=title, page_id="BK-02", frame=target.frame, target=target, work=work,
        rows=_rows(work.words, offices, target), past=starts(work.words) < ctx.now,
        back=f"{target.about}/{work.id}/details", submit=f"{target.about}/{work.id}/submit",
    )  # fmt: skip


async def submit(request: Request, ctx: Ctx) -> Response:
    """Book it; one in the past goes on to its feedback and is booked with that."""
    target = await target_of(ctx, request.path_params)
    work_id, safe, owner = request.path_params["work_id"], forms_safe(ctx), owner_of(ctx)
    if outcome := await unfinished.outcome_of(ctx.new_uow(), safe, work_id, target.kind, owner=owner):
        return RedirectResponse(outcome, 303)
    work = await unfinished.open_work(ctx.new_uow(), safe, work_id, target.kind, owner=owner)
    if starts(work.words) < ctx.now:
        return RedirectResponse(f"{target.feedback}/edit/{work.id}/attendance", 303)
    offices = await optional(ctx.peer(Places, as_user=True).offices(), ())
    form = BookingForm(data=shown(work.words))
    _prepare(target, offices, ctx)(form)
    sheet = Sheet(request, ctx, form, True, work.id)
    with sheet.refusals():
        outcome = await unfinished.carry_out(ctx.new_uow, safe, work, lambda: book(ctx, target, work))
        return done(request, outcome, "booked") if target.session else RedirectResponse(outcome, 303)
    return await _form(sheet, target, f"{target.about}/{work.id}/details", ctx)


async def _under_way(request: Request, ctx: Context) -> tuple[Target, Unfinished, Sequence[Place]]:
    target, offices = await asyncio.gather(
        target_of(ctx, request.path_params), optional(ctx.peer(Places, as_user=True).offices(), ())
    )
    work_id: UUID = request.path_params["work_id"]
    work = await unfinished.open_work(ctx.new_uow(), forms_safe(ctx), work_id, target.kind, owner=owner_of(ctx))
    return target, work, offices


def _prepare(target: Target, offices: Sequence[Place], ctx: Context) -> Any:
    def prepare(form: BookingForm) -> None:
        form.delius_office_location_code.choices = [(one.code, one.description) for one in offices]
        form.reschedule_requested_by.choices = [(PROVIDER, PROVIDER), (target.frame.referral.person,) * 2]
        if not target.moves(ctx.now):
            del form.reschedule_requested_by
            del form.rescheduled_reason
        if target.session is None:
            del form.session_type

    return prepare


def _possible(sheet: Sheet[BookingForm], target: Target, ctx: Context) -> bool:
    """Whether the time exists and is neither too early nor too late; else the form says which."""
    on, at = sheet.form.date.data, sheet.form.time.data
    assert isinstance(on, date)
    assert isinstance(at, time)
    first, last = earliest_and_latest(target.frame, ctx.clock.today())
    if on < first:
        sheet.refuse(f"Session date must be on or after {in_words(first)}, when the referral was sent", "date")
    elif on > last:
        sheet.refuse(f"Session date must be on or before {in_words(last)}", "date")
    elif moment(on, at) is None:
        sheet.refuse("That time does not exist on this date", "time")
    elif (at.hour * 60 + at.minute) + sheet.form.duration.data > 24 * 60:
        sheet.refuse("The session must end on the day on which it starts", "duration")
    else:
        return True
    return False


def _words(sheet: Sheet[BookingForm]) -> dict[str, Any]:
    words = {name: field.data for name, field in sheet.form._fields.items()}
    return {**words, "date": words["date"].isoformat(), "time": words["time"].isoformat("minutes")}


async def _form(sheet: Sheet[BookingForm], target: Target, action: str, ctx: Context) -> Response:
    verb = "Change" if target.moves(ctx.now) else "Add"
    title = f"{verb} appointment details" if target.session is None else f"{verb} {target.name} details"
    return await sheet.show(
        "booking/details.html", title=title, page_id="BK-01", frame=target.frame, target=target, action=action,
        missed=target.current if target.state(ctx.now).missed else None, today=ctx.clock.today(),
        person=target.frame.referral.person,
    )  # fmt: skip


def _rows(words: Mapping[str, Any], offices: Sequence[Place], target: Target) -> list[tuple[str, object]]:
    at, names = starts(words), {one.code: one.description for one in offices}
    rows: list[tuple[str, object]] = [("Date", at.date()), ("Time", (at, words["duration"]))]
    rows.append(("Method", METHODS[words["meeting_method"]]))
    code = words.get("delius_office_location_code")
    lines = [said for name, said in words.items() if name.startswith("method_other_location") and said]
    if code or lines:
        rows.append(("Location", lines or names.get(str(code), "Probation office")))
    if target.session is not None:
        rows.append(("Session type", TYPES[words["session_type"]]))
    if words.get("reschedule_requested_by"):
        rows.append(("Change requested by", words["reschedule_requested_by"]))
        rows.append(("Reason for the change", words["rescheduled_reason"]))
    return rows


for base in BASES:
    form_route(router, f"{base}/start", CASEWORKERS)(start)
    form_route(router, f"{base}/{{work_id:uuid}}/details", CASEWORKERS)(details)
    router.get(f"{base}/{{work_id:uuid}}/check-answers", roles=CASEWORKERS)(check_answers)
    router.post(f"{base}/{{work_id:uuid}}/submit", roles=CASEWORKERS, status=303)(submit)
