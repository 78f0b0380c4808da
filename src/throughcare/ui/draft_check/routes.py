"""Make a referral: the last check, sending it, and what happens next."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.details.model import Facts, cards_of
from throughcare.ui.draft.model import of_draft
from throughcare.ui.draft_check.model import changes_of, undone
from throughcare.ui.draft_check.schemas import SendForm
from throughcare.ui.draft_check.views import facts_of
from throughcare.ui.form import PRACTITIONER, Sheet, form_route, open_form
from throughcare.ui.page import page
from throughcare.ui.peers.drafts import Drafts
from throughcare.ui.peers.messages import Messages, Notification
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.referral.views import optional

router = Router(prefix="/referrals/{draft_id}", tag="Make a referral", include_in_schema=False)
CHECK, SENT = "check-all-referral-information", "confirmation"
GONE, ALREADY_SENT = "DRAFT_NOT_FOUND", "DRAFT_ALREADY_SENT"


@router.get(f"/{CHECK}", roles=PRACTITIONER)
async def check(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-34: everything that the referral says, with the way to change each part of it."""
    return await _shown(await open_form(request, ctx, SendForm), await facts_of(ctx, draft_id))


@form_route(router, "/send", PRACTITIONER)
async def send(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """Send the referral; the check again with everything that is still to be done.

    Whoever sends it again, in whatever way, sees the same confirmation.
    """
    sheet = await open_form(request, ctx, SendForm)
    if not sheet.valid:
        return RedirectResponse(of_draft(draft_id, CHECK), 303)
    facts = await _facts(ctx, draft_id)
    sheet.trouble += undone(facts) if facts else []
    if facts and sheet.trouble:
        return await _shown(sheet, facts)
    with sheet.refusals():
        try:
            await ctx.peer(Drafts, as_user=True).send(draft_id, sheet.key)
        except PeerRefused as refused:
            if facts is None and refused.peer_code == GONE:
                raise
            if refused.peer_code in SendForm.refusals:
                sheet.refuse(str(SendForm.refusals[refused.peer_code]))
            elif refused.peer_code != ALREADY_SENT:
                raise
        if not sheet.trouble:
            return await sheet.done(of_draft(draft_id, SENT))
    return await _shown(sheet, await facts_of(ctx, draft_id))


async def _facts(ctx: Ctx, draft_id: UUID) -> Facts | None:
    """The draft; None when there is none any more."""
    try:
        return await facts_of(ctx, draft_id)
    except PeerRefused as refused:
        if refused.peer_code not in {GONE, ALREADY_SENT}:
            raise
        return None


async def _shown(sheet: Sheet[SendForm], facts: Facts) -> Response:
    cards = cards_of(facts)
    return await sheet.show(
        "draft_check/check.html", title="Check all referral information", page_id="MR-34", draft=facts.written,
        cards=cards, changes=changes_of(facts, cards), provider=facts.written.service_provider.name,
    )  # fmt: skip


@router.get(f"/{SENT}", roles=PRACTITIONER)
async def confirmation(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-35: that the referral was sent, its number, and what happens next."""
    nothing: list[Notification] = []
    referral, told = await asyncio.gather(
        ctx.peer(Referrals, as_user=True).referral(draft_id),
        optional(ctx.peer(Messages, as_user=True).of_referral(draft_id), nothing),
    )
    return page(
        request, "draft_check/confirmation.html", title="Referral sent", page_id="MR-35", referral=referral,
        provider=referral.referral.service_provider.name,
        message=next((one for one in told if one.template == "referral-sent"), None),
    )  # fmt: skip
