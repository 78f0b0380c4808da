"""WD-01 to WD-03: withdrawing a referral, or closing it early, with a reason, a check and its consequences."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.form import PRACTITIONER, Sheet, form_key, form_route, open_form, owner_of
from throughcare.ui.page import done, page
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Gone, Kind, Unfinished
from throughcare.ui.withdrawal.model import EARLY, Withdrawal, groups_of, label, withdrawing
from throughcare.ui.withdrawal.schemas import CHOICE, ConfirmForm, comments_field, reason_form
from throughcare.ui.withdrawal.views import consequences_for, frame_and_reasons

router = Router(tag="Withdrawal", include_in_schema=False)
OF_REFERRAL = "/probation-practitioner/referrals/{referral_id:uuid}"
OF_WORK = f"{OF_REFERRAL}/withdrawal/{{work_id:uuid}}"


@router.get(f"{OF_REFERRAL}/withdrawal/start", roles=PRACTITIONER)
async def ask(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """Where old links lead: a page with the button that begins."""
    frame = await frame_of(ctx, Side.PRACTITIONER, referral_id)
    if not frame.may_withdraw:
        return done(request, frame.path(), "not-withdrawn")
    title = f"Withdraw {frame.referral.person}’s {frame.referral.contract} referral"
    return page(request, "withdrawal/start.html", title=title, page_id="WD-01", frame=frame)


@router.post(f"{OF_REFERRAL}/withdrawal/start", roles=PRACTITIONER, status=303)
async def start(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """Begin to withdraw a referral; nothing happens to it yet."""
    frame = await frame_of(ctx, Side.PRACTITIONER, referral_id)
    if not frame.may_withdraw:
        return done(request, frame.path(), "not-withdrawn")
    key = await form_key(request)
    work = await unfinished.begin(
        ctx.new_uow(), forms_safe(ctx), key, Kind.WITHDRAWAL, owner=owner_of(ctx),
        about=withdrawing(referral_id, key), words={},
    )  # fmt: skip
    return RedirectResponse(work.about, 303)


@form_route(router, f"{OF_WORK}/reason", PRACTITIONER)
async def reason(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
    """WD-01: why the referral ends."""
    work = await _under_way(ctx, referral_id, work_id)
    frame, reasons = await frame_and_reasons(ctx, referral_id)
    groups, held = groups_of(reasons, frame), Withdrawal.remembered(work.words)
    offered = [one for group in groups for one in group.reasons]
    values = {CHOICE: held.code or None, comments_field(held.code): held.comments}
    choices = [(one.code, label(one)) for one in offered]
    sheet = await open_form(
        request, ctx, reason_form(offered), values,
        prepare=lambda form: setattr(form.withdrawal_reason, "choices", choices),
    )  # fmt: skip
    if sheet.valid:
        code = sheet.text(CHOICE)
        said = {"code": code, "comments": sheet.text(comments_field(code))}
        await unfinished.change(ctx.new_uow(), forms_safe(ctx), work.id, said)
        return await sheet.done(withdrawing(referral_id, work_id, "check-your-answers"))
    title = f"Why are you withdrawing {frame.referral.person}’s {frame.referral.contract} referral?"
    return await sheet.show(
        "withdrawal/reason.html", title=title, page_id="WD-01", frame=frame, groups=groups,
        comments_field=comments_field, label=label,
    )  # fmt: skip


@router.get(f"{OF_WORK}/check-your-answers", roles=PRACTITIONER)
async def check(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
    """WD-02: the reason once more, and everything that follows."""
    work = await _under_way(ctx, referral_id, work_id)
    return await _check(await open_form(request, ctx, ConfirmForm), referral_id, work)


@form_route(router, f"{OF_WORK}/submit", PRACTITIONER)
async def submit(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
    """End the referral, once, however often it is sent; an old link to this address changes nothing."""
    safe, owner = forms_safe(ctx), owner_of(ctx)
    if outcome := await unfinished.outcome_of(ctx.new_uow(), safe, work_id, Kind.WITHDRAWAL, owner=owner):
        return RedirectResponse(outcome, 303)
    work = await _under_way(ctx, referral_id, work_id)
    sheet, held = await open_form(request, ctx, ConfirmForm), Withdrawal.remembered(work.words)

    async def withdraw() -> str:
        await ctx.peer(Referrals, as_user=True).withdraw(referral_id, held.code, held.comments, str(work.id))
        return Side.PRACTITIONER.of(referral_id, "withdrawal/confirmation")

    if sheet.valid and held.code:
        with sheet.refusals():
            return await sheet.done(await unfinished.carry_out(ctx.new_uow, safe, work, withdraw))
    return await _check(sheet, referral_id, work)


@router.get(f"{OF_REFERRAL}/withdrawal/confirmation", roles=PRACTITIONER)
async def confirmation(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """WD-03: the referral has ended, and where it is found now."""
    frame = await frame_of(ctx, Side.PRACTITIONER, referral_id)
    if frame.referral.end_requested_at is None:
        return RedirectResponse(frame.path(), 303)
    early = frame.referral.withdrawal_code == EARLY
    return page(
        request, "withdrawal/confirmation.html", title="Referral closed early" if early else "Referral withdrawn",
        page_id="WD-03", frame=frame,
    )  # fmt: skip


@router.get(f"{OF_REFERRAL}/cancellation/{{rest:path}}", roles=PRACTITIONER)
async def cancellation(referral_id: UUID) -> RedirectResponse:
    """Where referrals used to be cancelled."""
    return RedirectResponse(Side.PRACTITIONER.of(referral_id, "withdrawal/start"), 303)


async def _under_way(ctx: Context, referral_id: UUID, work_id: UUID) -> Unfinished:
    """The withdrawal with this id, which is of this referral. Raises Gone, NotYours."""
    work = await unfinished.open_work(ctx.new_uow(), forms_safe(ctx), work_id, Kind.WITHDRAWAL, owner=owner_of(ctx))
    if work.about != withdrawing(referral_id, work_id):
        raise Gone(Kind.WITHDRAWAL)
    return work


async def _check(sheet: Sheet[ConfirmForm], referral_id: UUID, work: Unfinished) -> Response:
    held = Withdrawal.remembered(work.words)
    frame, reasons = await frame_and_reasons(sheet.ctx, referral_id)
    chosen = held.reason(reasons)
    if chosen is None:
        return RedirectResponse(withdrawing(referral_id, work.id), 303)
    return await sheet.show(
        "withdrawal/check.html", title=_question(frame, held), page_id="WD-02", frame=frame, held=held,
        chosen=label(chosen), follows=await consequences_for(sheet.ctx, frame),
        reason=withdrawing(referral_id, work.id), submit=withdrawing(referral_id, work.id, "submit"),
    )  # fmt: skip


def _question(frame: Frame, held: Withdrawal) -> str:
    whose = f"{frame.referral.person}’s {frame.referral.contract} referral"
    return f"Are you sure you want to {f'close {whose} early' if held.early else f'withdraw {whose}'}?"
