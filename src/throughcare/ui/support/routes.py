"""Support: what became of a referral, its events and messages; and what people reported. Every look is noted."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from throughcare.kit.telemetry.audit import note_view
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.event.views import about_referral
from throughcare.ui.message.usecases import send_again as repeat
from throughcare.ui.page import SUPPORT_ROLES, done, page
from throughcare.ui.peers.messages import Messages
from throughcare.ui.peers.support import SupportDesk
from throughcare.ui.peers.users import Users
from throughcare.ui.problem_report.model import Report, no_report
from throughcare.ui.problem_report.store import ReportStore
from throughcare.ui.problem_report.usecases import close
from throughcare.ui.referral.views import optional
from throughcare.ui.safe import forms_safe

router = Router(prefix="/support", tag="Support", include_in_schema=False)
LONGEST = 40


@router.get("", roles=SUPPORT_ROLES)
async def desk(request: Request, ctx: Ctx, q: str = "") -> HTMLResponse:
    """SU-01: look a referral up by its number or the person's CRN; what else there is."""
    sought = q.strip()[:LONGEST]
    async with ctx.reading(ReportStore) as store:
        reports = await store.open(forms_safe(ctx))
    found = await ctx.peer(SupportDesk, as_user=True).look_up(sought) if sought else None
    if found is not None:
        note_view(ctx, "REFERRAL_SEARCH", count=len(found))
    return page(
        request, "support/desk.html", title="Support", page_id="SU-01", sought=sought, found=found,
        reports=len(reports),
    )  # fmt: skip


@router.get("/referrals/{referral_id}", roles=SUPPORT_ROLES)
async def referral(request: Request, ctx: Ctx, referral_id: UUID) -> HTMLResponse:
    """SU-02: how a referral stands, the messages about it, and its events with their effects."""
    one, messages, chain = await asyncio.gather(
        ctx.peer(SupportDesk, as_user=True).standing(referral_id),
        optional(ctx.peer(Messages, as_user=True).of_referral(referral_id), None),
        optional(about_referral(ctx, referral_id), None),
    )
    note_view(ctx, "REFERRAL_VIEWED", referral_id)
    names = await ctx.peer(Users, as_user=True).names(filter(None, (one.sent_by, one.assigned_to)))
    return page(
        request, "support/referral.html", title=f"Referral {one.reference_number}", page_id="SU-02", one=one,
        messages=messages, chain=chain, names=names,
    )  # fmt: skip


@router.post("/referrals/{referral_id}/messages/{message_id}/send-again", roles=SUPPORT_ROLES, status=303)
async def send_again(request: Request, ctx: Ctx, referral_id: UUID, message_id: UUID) -> Response:
    """Send a message that failed once more."""
    note_view(ctx, "MESSAGE_SENT_AGAIN", referral_id)
    return done(request, f"/support/referrals/{referral_id}", await repeat(ctx, referral_id, message_id))


@router.get("/problems", roles=SUPPORT_ROLES)
async def list_problems(request: Request, ctx: Ctx) -> HTMLResponse:
    """SU-03: what people reported and nobody has dealt with, the oldest first."""
    async with ctx.reading(ReportStore) as store:
        reports = await store.open(forms_safe(ctx))
    return page(
        request, "support/problems.html", title="Reported problems", page_id="SU-03", reports=reports,
    )  # fmt: skip


@router.get("/problems/{reference}", roles=SUPPORT_ROLES)
async def show_problem(request: Request, ctx: Ctx, reference: str) -> HTMLResponse:
    """SU-06: one report in its author's words."""
    found = await _report(ctx, reference)
    note_view(ctx, "PROBLEM_REPORT_VIEWED", found.id)
    username = found.owner.partition(":")[2] if found.owner else ""
    names = await ctx.peer(Users, as_user=True).names([username] if username else [])
    return page(
        request, "support/problem.html", title=f"Report {found.reference}", page_id="SU-06", report=found,
        author=names.get(username, "Nobody was signed in"),
    )  # fmt: skip


@router.post("/problems/{reference}/closed", roles=SUPPORT_ROLES, status=303)
async def close_problem(request: Request, ctx: Ctx, reference: str) -> Response:
    """Note that a report was dealt with."""
    await close(ctx.uow, (await _report(ctx, reference)).reference, ctx.user.principal_name)
    return done(request, "/support/problems", "problem-closed")


async def _report(ctx: Ctx, reference: str) -> Report:
    async with ctx.reading(ReportStore) as store:
        found = await store.find(reference, forms_safe(ctx))
    if found is None:
        raise no_report()
    return found
