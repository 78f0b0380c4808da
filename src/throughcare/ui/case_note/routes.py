"""CN-01 to CN-05: the case notes of a referral, for both sides: reading them, and adding one that stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.case_note.model import Draft, adding
from throughcare.ui.case_note.schemas import ConfirmForm, NoteForm
from throughcare.ui.case_note.views import listed, one_note
from throughcare.ui.dashboard.model import page_links, page_number, page_numbers
from throughcare.ui.form import Sheet, form_key, form_route, open_form, owner_of
from throughcare.ui.page import page
from throughcare.ui.peers.notes import Notes
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.referral.views import frame_of
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Gone, Kind, Unfinished

router = Router(tag="Case notes", include_in_schema=False)
Handler = Callable[..., Awaitable[Response]]


def _list(side: Side) -> Handler:
    async def show_list(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
        """CN-01: the notes about a referral, a page of them."""
        found = await listed(ctx, side, referral_id, page_number(request.query_params.get("page")))
        path = found.frame.path("case-notes")
        if found.number > found.last:
            return RedirectResponse(f"{path}?page={found.last}", 303)
        shown = list(page_numbers(found.number, found.last))
        links = page_links(found.number, shown, lambda number: path if number == 1 else f"{path}?page={number}")
        return page(
            request, "case_note/list.html", title=f"{found.frame.referral.contract}: case notes", page_id="CN-01",
            frame=found.frame, tab="case-notes", found=found, pages=links if found.last > 1 else None,
        )  # fmt: skip

    return show_list


def _start(side: Side) -> Handler:
    async def start(request: Request, ctx: Ctx, referral_id: UUID) -> RedirectResponse:
        """Begin a note; an old link to this address leads to the list, which has the button."""
        if request.method == "GET":
            return RedirectResponse(side.of(referral_id, "case-notes"), 303)
        await ctx.peer(Referrals, as_user=True).referral(referral_id)
        key = await form_key(request)
        work = await unfinished.begin(
            ctx.new_uow(), forms_safe(ctx), key, Kind.CASE_NOTE, owner=owner_of(ctx),
            about=adding(side, referral_id, key), words={},
        )  # fmt: skip
        return RedirectResponse(work.about, 303)

    return start


def _details(side: Side) -> Handler:
    async def details(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
        """CN-02: what the note says."""
        work = await _under_way(ctx, side, referral_id, work_id)
        draft = Draft.remembered(work.words)
        values = {
            "case_note_subject": draft.subject, "case_note_body": draft.body, "send_case_note_email": draft.email
        }  # fmt: skip

        def prepare(form: NoteForm) -> None:
            if side is Side.PRACTITIONER:
                del form.send_case_note_email

        sheet = await open_form(
            request, ctx, NoteForm, values, prepare=prepare, later=side.of(referral_id, "case-notes")
        )
        if sheet.valid:
            said = {"subject": sheet.text("case_note_subject"), "body": sheet.text("case_note_body")}
            if side is Side.PROVIDER:
                said["email"] = sheet.text("send_case_note_email")
            await unfinished.change(ctx.new_uow(), forms_safe(ctx), work.id, said)
            return await sheet.done(adding(side, referral_id, work_id, "check-answers"))
        frame = await frame_of(ctx, side, referral_id)
        return await sheet.show("case_note/details.html", title="Add case note", page_id="CN-02", frame=frame)

    return details


def _check(side: Side) -> Handler:
    async def check(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
        """CN-03: the note once more before it is added for good."""
        work = await _under_way(ctx, side, referral_id, work_id)
        return await _review(await open_form(request, ctx, ConfirmForm), side, referral_id, work)

    return check


def _submit(side: Side) -> Handler:
    async def submit(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
        """Add the note, once, however often it is sent."""
        safe, owner = forms_safe(ctx), owner_of(ctx)
        if outcome := await unfinished.outcome_of(ctx.new_uow(), safe, work_id, Kind.CASE_NOTE, owner=owner):
            return RedirectResponse(outcome, 303)
        work = await _under_way(ctx, side, referral_id, work_id)
        sheet, draft = await open_form(request, ctx, ConfirmForm), Draft.remembered(work.words)

        async def add() -> str:
            await ctx.peer(Notes, as_user=True).send(
                referral_id, draft.subject, draft.body, draft.tells_officer(side), str(work.id)
            )
            return side.of(referral_id, "add-case-note/confirmation")

        if sheet.valid and draft.whole:
            with sheet.refusals():
                return await sheet.done(await unfinished.carry_out(ctx.new_uow, safe, work, add))
        return await _review(sheet, side, referral_id, work)

    return submit


def _confirmation(side: Side) -> Handler:
    async def confirmation(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
        """CN-04: it is added."""
        frame = await frame_of(ctx, side, referral_id)
        return page(
            request, "case_note/confirmation.html", title="Case note added", page_id="CN-04", frame=frame
        )  # fmt: skip

    return confirmation


def _one(side: Side) -> Handler:
    async def one(request: Request, ctx: Ctx, note_id: UUID) -> Response:
        """CN-05: one note."""
        frame, entry = await one_note(ctx, side, note_id)
        return page(
            request, "case_note/one.html", title=f"Subject: {entry.note.subject}", page_id="CN-05", frame=frame,
            entry=entry,
        )  # fmt: skip

    return one


async def _under_way(ctx: Context, side: Side, referral_id: UUID, work_id: UUID) -> Unfinished:
    """The note with this id, which is about this referral. Raises Gone, NotYours."""
    work = await unfinished.open_work(ctx.new_uow(), forms_safe(ctx), work_id, Kind.CASE_NOTE, owner=owner_of(ctx))
    if work.about != adding(side, referral_id, work_id):
        raise Gone(Kind.CASE_NOTE)
    return work


async def _review(sheet: Sheet[ConfirmForm], side: Side, referral_id: UUID, work: Unfinished) -> Response:
    draft, details = Draft.remembered(work.words), adding(side, referral_id, work.id)
    if not draft.whole:
        return RedirectResponse(details, 303)
    frame = await frame_of(sheet.ctx, side, referral_id)
    return await sheet.show(
        "case_note/check.html", title="Review case note", page_id="CN-03", frame=frame, draft=draft, details=details,
        submit=adding(side, referral_id, work.id, "submit"),
    )  # fmt: skip


for each in SIDES:
    base = f"/{each.value}/referrals/{{referral_id:uuid}}"
    work = f"{base}/add-case-note/{{work_id:uuid}}"
    router.get(f"{base}/case-notes", roles=each.roles)(_list(each))
    begin = _start(each)
    router.get(f"{base}/add-case-note/start", roles=each.roles)(begin)
    router.post(f"{base}/add-case-note/start", roles=each.roles, status=303)(begin)
    form_route(router, f"{work}/details", each.roles)(_details(each))
    router.get(f"{work}/check-answers", roles=each.roles)(_check(each))
    form_route(router, f"{work}/submit", each.roles)(_submit(each))
    router.get(f"{base}/add-case-note/confirmation", roles=each.roles)(_confirmation(each))
    router.get(f"/{each.value}/case-note/{{note_id:uuid}}", roles=each.roles)(_one(each))
