"""The home page, by role."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.console.model import problems
from throughcare.ui.console.views import overview
from throughcare.ui.consumer.model import problems_of
from throughcare.ui.consumer.views import all_consumers
from throughcare.ui.home import views
from throughcare.ui.page import CONSOLE_ROLES, INBOX_ROLES, page

router = Router(tag="Home", include_in_schema=False)
T = TypeVar("T")


@router.get("/", authenticated=True)
async def home(request: Request, ctx: Ctx) -> HTMLResponse:
    """What this person comes for: their referrals, or how the system is."""
    user = ctx.user
    practitioner, provider, services, consumers = await asyncio.gather(
        _for(ctx, ["ROLE_PROBATION"], views.practitioner_cases),
        _for(ctx, ["ROLE_CRS_PROVIDER"], views.provider_cases),
        _for(ctx, CONSOLE_ROLES, overview),
        _for(ctx, CONSOLE_ROLES, all_consumers),
    )
    title = "Refer and monitor an intervention" if practitioner else "Manage referrals" if provider else "Throughcare"
    return page(
        request, "home/home.html", title=title, page_id="home", practitioner=practitioner, provider=provider,
        services=services, problems=problems(services or []) + problems_of(consumers or []),
        reads_messages=user.has_any(INBOX_ROLES), clock=ctx.clock, now=ctx.now,
    )  # fmt: skip


async def _for(ctx: Context, roles: Sequence[str], ask: Callable[[Context], Awaitable[T]]) -> T | None:
    return await ask(ctx) if ctx.user.has_any(roles) else None
