"""AS-01 and AS-02: the last look before a caseworker is assigned, and what follows."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.assignment.model import NOT_ALLOWED, Caseworker, refused_as_caseworker
from throughcare.ui.assignment.schemas import ConfirmForm
from throughcare.ui.form import PROVIDER, Sheet, form_route, open_form, owner_of
from throughcare.ui.page import page
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.referral.model import Side
from throughcare.ui.referral.views import frame_of
from throughcare.ui.safe import forms_safe
from throughcare.ui.unfinished import usecases as unfinished
from throughcare.ui.unfinished.model import Gone, Kind, Unfinished

router = Router(prefix="/service-provider/referrals/{referral_id:uuid}/assignment", include_in_schema=False)


@router.get("/confirmation", roles=PROVIDER)
async def confirmation(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """AS-02: it is assigned."""
    frame = await frame_of(ctx, Side.PROVIDER, referral_id)
    return page(
        request, "assignment/confirmation.html", title="Caseworker assigned", page_id="AS-02", frame=frame
    )  # fmt: skip


@router.get("/{work_id:uuid}/check", roles=PROVIDER)
async def check(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
    """AS-01: whom, and for what."""
    work = await _under_way(ctx, referral_id, work_id)
    return await _check(await open_form(request, ctx, ConfirmForm), ctx, referral_id, work)


@form_route(router, "/{work_id:uuid}/submit", PROVIDER)
async def submit(request: Request, ctx: Ctx, referral_id: UUID, work_id: UUID) -> Response:
    """Assign; once, however often it is sent."""
    safe, owner = forms_safe(ctx), owner_of(ctx)
    if outcome := await unfinished.outcome_of(ctx.new_uow(), safe, work_id, Kind.ASSIGNMENT, owner=owner):
        return RedirectResponse(outcome, 303)
    work = await _under_way(ctx, referral_id, work_id)
    sheet = await open_form(request, ctx, ConfirmForm)
    if sheet.valid:
        to = Caseworker.remembered(work.words)

        async def carry_out() -> str:
            await ctx.peer(Referrals, as_user=True).assign(referral_id, to.user, str(work.id))
            return Side.PROVIDER.of(referral_id, "assignment/confirmation")

        try:
            with sheet.refusals():
                return await sheet.done(await unfinished.carry_out(ctx.new_uow, safe, work, carry_out))
        except PeerRefused as refused:
            if not refused_as_caseworker(refused):
                raise
            sheet.refuse(f"{to.name} {NOT_ALLOWED}")
    return await _check(sheet, ctx, referral_id, work)


async def _under_way(ctx: Context, referral_id: UUID, work_id: UUID) -> Unfinished:
    """The work with this id, which is about this referral. Raises Gone, NotYours."""
    work = await unfinished.open_work(
        ctx.new_uow(), forms_safe(ctx), work_id, Kind.ASSIGNMENT, owner=owner_of(ctx)
    )  # fmt: skip
    if work.about != Side.PROVIDER.of(referral_id, f"assignment/{work_id}/check"):
        raise Gone(Kind.ASSIGNMENT)
    return work


async def _check(sheet: Sheet[ConfirmForm], ctx: Context, referral_id: UUID, work: Unfinished) -> Response:
    frame = await frame_of(ctx, Side.PROVIDER, referral_id)
    return await sheet.show(
        "assignment/check.html", title=f"Confirm the {frame.referral.contract} referral assignment", page_id="AS-01",
        frame=frame, caseworker=Caseworker.remembered(work.words),
        submit=Side.PROVIDER.of(referral_id, f"assignment/{work.id}/submit"),
    )  # fmt: skip
