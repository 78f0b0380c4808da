"""The console: see how the system is, and what to do about it, without SQL."""

from __future__ import annotations

import asyncio

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from throughcare.kit.clock import real_now
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.console import model, views
from throughcare.ui.consumer.model import problems_of
from throughcare.ui.consumer.views import all_consumers
from throughcare.ui.dead_letter.model import in_words
from throughcare.ui.event.model import state_of
from throughcare.ui.event.views import newest_events
from throughcare.ui.page import CONSOLE_ROLES, done, page
from throughcare.ui.peers.operations import operations_of

router = Router(prefix="/console", tag="Console", include_in_schema=False)
LETTERS = 50


@router.get("", roles=CONSOLE_ROLES)
async def overview(request: Request, ctx: Ctx) -> HTMLResponse:
    """Services, queues, dead letters, outboxes and the newest events."""
    services, newest, consumers = await asyncio.gather(views.overview(ctx), newest_events(ctx), all_consumers(ctx))
    dead = [(one.name, queue, letter) for one in services for queue, letter in one.dead]
    return page(
        request, "console/overview.html", title="Console", page_id="console", services=services, newest=newest,
        problems=model.problems(services) + problems_of(consumers or []), consumers=consumers, late=model.late,
        lagging=model.lagging, in_words=in_words,
        state_of=state_of, dead=dead[:LETTERS],
        dead_in_all=sum(queue.dead for one in services for queue in one.queues),
        may_mend=ctx.user.has_any(["ROLE_QUEUE_ADMIN"]), clock=ctx.clock, now=ctx.now, real_now=real_now(),
    )  # fmt: skip


@router.get("/outbox/{service}", roles=["ROLE_QUEUE_ADMIN"])
async def before_reviving(request: Request, ctx: Ctx, service: str) -> HTMLResponse:
    """Ask before events that were given up are published again."""
    if service not in ctx.runtime.topology.paths:
        raise NotFound("there is no such service")
    outbox = await ctx.peer(operations_of(service), as_user=True).outbox()
    title = f"Publish what {service} gave up"
    return page(request, "console/revive.html", title=title, page_id="console-revive", service=service, outbox=outbox)


@router.post("/outbox/{service}", roles=["ROLE_QUEUE_ADMIN"])
async def revive(request: Request, ctx: Ctx, service: str) -> Response:
    """Let a service publish again what it had given up."""
    if service not in ctx.runtime.topology.paths:
        raise NotFound("there is no such service")
    await ctx.peer(operations_of(service), as_user=True).revive()
    return done(request, "/console", "revived")
