"""RO-02 and RO-03: how far a referral has come, for its provider with everything to do next, for its practitioner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.due.model import lines_of
from throughcare.ui.message.model import shown_to
from throughcare.ui.page import page
from throughcare.ui.progress.model import assessment_rows, plan_state, session_rows
from throughcare.ui.progress.views import progress_of
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.withdrawal.model import ENDED_BECAUSE

router = Router(tag="Progress", include_in_schema=False)


def _progress(side: Side) -> Callable[..., Awaitable[HTMLResponse]]:
    async def progress(request: Request, ctx: Ctx, referral_id: UUID) -> HTMLResponse:
        """How far a referral has come."""
        found = await progress_of(ctx, side, referral_id)
        frame, in_force = found.frame, found.in_force
        rows = session_rows(frame, in_force, found.sessions, ctx.now) if in_force else []
        return page(
            request, "progress/progress.html", title=f"{frame.referral.contract}: progress",
            page_id="RO-03" if side is Side.PRACTITIONER else "RO-02", frame=frame, found=found, tab="progress",
            assessment=assessment_rows(frame, found.assessment, ctx.now), sessions=rows,
            messages=None if found.messages is None else shown_to(side, found.messages),
            due=lines_of(found.due, ctx.clock.today()),
            plan_state=plan_state(found.plan, side), because=ENDED_BECAUSE.get(frame.referral.withdrawal_code or ""),
        )  # fmt: skip

    return progress


for each in SIDES:
    router.get(f"/{each.value}/referrals/{{referral_id}}/progress", roles=each.roles)(_progress(each))
