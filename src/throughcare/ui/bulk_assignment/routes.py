"""Assigning several referrals at once: they are chosen on the list of those that nobody works on, and checked once."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.wording import counted
from throughcare.ui.assignment.model import Caseworker
from throughcare.ui.assignment.schemas import CaseworkerForm
from throughcare.ui.assignment.views import caller_as_caseworker, caseworker_with_email
from throughcare.ui.bulk_assignment.model import (
    FIELD,
    NONE_CHOSEN,
    START,
    NotAll,
    chosen_of,
    path_of,
    remembered,
    words_of,
)
from throughcare.ui.bulk_assignment.usecases import assign_all
from throughcare.ui.dashboard.model import TABS, Listing, Tab
from throughcare.ui.dashboard.views import lines_of, list_page
from throughcare.ui.form import PROVIDER, Sheet, form_key, form_route, open_form, owner_of
from throughcare.ui.referral.model import Side
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Kind, Unfinished

router = Router(tag="Assignment", include_in_schema=False)
OF = Kind.BULK_ASSIGNMENT


def _waiting() -> Tab:
    return next(one for one in TABS[Side.PROVIDER] if one.to_assign)


@router.post(START, roles=PROVIDER, status=303)
async def choose(request: Request, ctx: Ctx) -> Response:
    """Go on with the referrals that were chosen; the list again when none was."""
    listing = Listing.read(Side.PROVIDER, _waiting(), request.query_params)
    found = await lines_of(ctx, listing)
    ids = [str(one) for one in (await request.form()).getlist(FIELD)]
    chosen = chosen_of(found.page.content, ids)
    if not chosen:
        return list_page(request, listing, found, errors=[(NONE_CHOSEN, f"{FIELD}-1")])
    key = await form_key(request)
    work = await unfinished.begin(
        ctx.new_uow(), forms_safe(ctx), key, OF, owner=owner_of(ctx), about=path_of(key), words=words_of(chosen)
    )
    return RedirectResponse(path_of(work.id), 303)


@form_route(router, "/service-provider/assignment/{work_id:uuid}/check", PROVIDER)
async def check(request: Request, ctx: Ctx, work_id: UUID) -> Response:
    """Which referrals, and to whom; assigned from here, each once."""
    safe, owner = forms_safe(ctx), owner_of(ctx)
    outcome = await unfinished.outcome_of(ctx.new_uow(), safe, work_id, OF, owner=owner)
    if outcome and request.method == "POST":
        return RedirectResponse(outcome, 303)
    work = await unfinished.open_work(ctx.new_uow(), safe, work_id, OF, owner=owner)
    sheet = await open_form(request, ctx, CaseworkerForm)
    whom = await _whom(sheet, ctx)
    if whom is None:
        return await _shown(sheet, work)
    return await _assign(sheet, ctx, work, whom)


async def _assign(sheet: Sheet[CaseworkerForm], ctx: Context, work: Unfinished, whom: Caseworker) -> Response:
    async def carry_out() -> str:
        await assign_all(ctx, work, whom)
        return f"{Side.PROVIDER.dashboard}/all-open-cases"

    try:
        outcome = await unfinished.carry_out(ctx.new_uow, forms_safe(ctx), work, carry_out)
    except NotAll as problem:
        for one, why in problem.left:
            sheet.refuse(f"{one.person} ({one.reference}) was not assigned to {whom.name}: {why}")
        left = await unfinished.open_work(ctx.new_uow(), forms_safe(ctx), work.id, OF, owner=work.owner)
        return await _shown(sheet, left, assigned=problem.assigned, to=whom.name)
    return await sheet.done(outcome, "all-assigned")


async def _whom(sheet: Sheet[CaseworkerForm], ctx: Context) -> Caseworker | None:
    if sheet.sent and (await sheet.request.form()).get("to") == "me":
        return await caller_as_caseworker(ctx)
    return await caseworker_with_email(ctx, sheet) if sheet.valid else None


async def _shown(sheet: Sheet[CaseworkerForm], work: Unfinished, *, assigned: int = 0, to: str = "") -> Response:
    chosen = remembered(work.words)
    return await sheet.show(
        "bulk_assignment/check.html", title=f"Assign {counted(len(chosen), 'referral')}", page_id="AS-03",
        chosen=chosen, assigned=assigned, to=to, back=START,
    )  # fmt: skip
