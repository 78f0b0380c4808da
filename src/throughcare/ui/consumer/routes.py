"""Outside bodies: how far behind each is, what it may hear, what did not arrive, and what can be done about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.errors import BadRequest, NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.consumer import model, views
from throughcare.ui.consumer.schemas import FARTHEST, RetryForm
from throughcare.ui.page import CONSOLE_ROLES, done, page
from throughcare.ui.peers.consumers import Consumer, Consumers

router = Router(prefix="/console/consumers", tag="Consumers", include_in_schema=False)
MENDERS = ["ROLE_QUEUE_ADMIN"]
KEEPERS = ["ROLE_INTEGRATION__CONSUMERS__RW"]

Position = Annotated[int | None, Query(ge=1, le=FARTHEST)]


@router.get("", roles=CONSOLE_ROLES)
async def every(request: Request, ctx: Ctx) -> HTMLResponse:
    """Every consumer, and how its line stands."""
    consumers = await views.all_consumers(ctx)
    return page(
        request, "consumer/list.html", title="Outside bodies", page_id="consumers", consumers=consumers,
        problems=model.problems_of(consumers or []), state_of=model.state_of, late=model.late,
    )  # fmt: skip


@router.get("/{name}", roles=CONSOLE_ROLES)
async def one(request: Request, ctx: Ctx, name: str) -> HTMLResponse:
    """One consumer: what it may hear, how its line stands, what waits and what was given up."""
    consumer = await _find(ctx, name)
    line = await views.line_of(ctx, name)
    return page(
        request, "consumer/one.html", title=consumer.name, page_id="consumer", consumer=consumer, line=line,
        state=model.state_of(consumer), state_of=model.delivery_state, doors=model.doors, limits=model.limits,
        may_mend=ctx.user.has_any(MENDERS), may_suspend=ctx.user.has_any(KEEPERS), now=ctx.now,
    )  # fmt: skip


@router.get("/{name}/retry", roles=MENDERS)
async def before_retrying(request: Request, ctx: Ctx, name: str, position: Position = None) -> HTMLResponse:
    """Ask before one delivery, or everything that was given up, is tried again."""
    consumer = await _find(ctx, name)
    title = f"Try again what {name} did not get" if position is None else f"Try delivery {position:,} again"
    return page(
        request, "consumer/retry.html", title=title, page_id="consumer-retry", consumer=consumer, position=position
    )


@router.post("/{name}/retry", roles=MENDERS)
async def retry(request: Request, ctx: Ctx, name: str) -> Response:
    """Try again one delivery, or everything that was given up."""
    form = RetryForm(await request.form())
    if not form.validate():
        raise BadRequest("the place in the line is not a number")
    position = form.position.data
    count = await _doors(ctx).retry(await _name(ctx, name), None if position is None else [position])
    return done(request, _page_of(name), "tried-again" if count else "arrived-meanwhile")


@router.get("/{name}/suspension", roles=KEEPERS)
async def before_suspending(request: Request, ctx: Ctx, name: str) -> HTMLResponse:
    """Ask before what is for a consumer is held, or let go."""
    consumer = await _find(ctx, name)
    title = f"End the suspension of {name}" if consumer.suspended else f"Suspend {name}"
    return page(request, "consumer/suspension.html", title=title, page_id="consumer-suspension", consumer=consumer)


@router.post("/{name}/suspension", roles=KEEPERS)
async def suspend(request: Request, ctx: Ctx, name: str) -> Response:
    """Hold what is for a consumer, or let it go, whichever the form says."""
    suspended = (await request.form()).get("suspended") == "yes"
    await _doors(ctx).suspend(await _name(ctx, name), suspended=suspended)
    return done(request, _page_of(name), "suspended" if suspended else "told-again")


def _doors(ctx: Context) -> Consumers:
    return ctx.peer(Consumers, as_user=True)


async def _find(ctx: Context, name: str) -> Consumer:
    found = await _doors(ctx).find(name)
    if found is None:
        raise NotFound("there is no such consumer")
    return found


async def _name(ctx: Context, name: str) -> str:
    """The name of a consumer that is there: nothing else becomes part of an address."""
    return (await _find(ctx, name)).name


def _page_of(name: str) -> str:
    return f"/console/consumers/{name}"
