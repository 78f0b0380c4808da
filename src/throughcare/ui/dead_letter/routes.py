"""Dead letters: look at one, send it back, or drop it for a reason. Each is confirmed on a page of its own."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from throughcare.kit.clock import real_now
from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.dead_letter.model import in_words
from throughcare.ui.dead_letter.schemas import DropForm
from throughcare.ui.page import CONSOLE_ROLES, done, page
from throughcare.ui.peers.operations import DeadLetter, Operations, Queue, operations_of

router = Router(prefix="/console/dead-letters/{service}/{dlq}", tag="Dead letters", include_in_schema=False)
MENDERS = ["ROLE_QUEUE_ADMIN"]


@router.get("", roles=MENDERS)
async def before_all(request: Request, ctx: Ctx, service: str, dlq: str) -> HTMLResponse:
    """Ask before every dead letter of a queue is sent back."""
    queue = await _queue(ctx, service, dlq)
    title = f"Send back every dead letter of {queue.queue_name}"
    return page(request, "dead_letter/all.html", title=title, page_id="dead-letters-all", queue=queue)


@router.post("", roles=MENDERS)
async def retry_all(request: Request, ctx: Ctx, service: str, dlq: str) -> Response:
    """Send every dead letter of a queue back to it."""
    await _queue(ctx, service, dlq)
    await _doors(ctx, service).retry_all(dlq)
    return done(request, "/console", "all-sent-back")


@router.get("/{message_id}", roles=CONSOLE_ROLES)
async def one(request: Request, ctx: Ctx, service: str, dlq: str, message_id: str) -> HTMLResponse:
    """One dead letter: what it is, why it died, and what can be done."""
    queue, letter = await _find(ctx, service, dlq, message_id)
    return _show(request, ctx, "dead_letter/one.html", "Dead letter", queue, letter)


@router.post("/{message_id}", roles=MENDERS)
async def retry(request: Request, ctx: Ctx, service: str, dlq: str, message_id: str) -> Response:
    """Send a dead letter back to its queue."""
    try:
        await _doors(ctx, service).retry(dlq, message_id)
    except PeerRefused as refused:
        return _gone(request, refused)
    return done(request, "/console", "sent-back")


@router.get("/{message_id}/drop", roles=MENDERS)
async def before_dropping(request: Request, ctx: Ctx, service: str, dlq: str, message_id: str) -> HTMLResponse:
    """Ask why, before a dead letter is dropped."""
    queue, letter = await _find(ctx, service, dlq, message_id)
    return _show(request, ctx, "dead_letter/drop.html", "Drop this message", queue, letter, form=DropForm())


@router.post("/{message_id}/drop", roles=MENDERS)
async def drop(request: Request, ctx: Ctx, service: str, dlq: str, message_id: str) -> Response:
    """Drop a dead letter; the form comes back while its reason will not do."""
    form = DropForm(await request.form())
    if not form.validate():
        queue, letter = await _find(ctx, service, dlq, message_id)
        shown = _show(request, ctx, "dead_letter/drop.html", "Drop this message", queue, letter, form=form)
        shown.status_code = 400
        return shown
    try:
        await _doors(ctx, service).drop(dlq, message_id, form.reason.data or "")
    except PeerRefused as refused:
        return _gone(request, refused)
    return done(request, "/console", "dropped")


def _show(
    request: Request, ctx: Context, template: str, title: str, queue: Queue, letter: DeadLetter, **values: Any
) -> HTMLResponse:
    return page(
        request, template, title=title, page_id=template.removesuffix(".html").replace("/", "-"), queue=queue,
        letter=letter, why=in_words(letter.reason), seconds=(real_now() - letter.sent_at).total_seconds(),
        may_mend=ctx.user.has_any(MENDERS), here=request.url.path.removesuffix("/drop"), **values,
    )  # fmt: skip


def _doors(ctx: Context, service: str) -> Operations:
    if service not in ctx.runtime.topology.paths:
        raise NotFound("there is no such service")
    return ctx.peer(operations_of(service), as_user=True)


async def _queue(ctx: Context, service: str, dlq: str) -> Queue:
    found = next((queue for queue in await _doors(ctx, service).queues() if queue.dlq_name == dlq), None)
    if found is None:
        raise NotFound("there is no such queue")
    return found


async def _find(ctx: Context, service: str, dlq: str, message_id: str) -> tuple[Queue, DeadLetter]:
    queue = await _queue(ctx, service, dlq)
    letter = await _doors(ctx, service).dead_letter(dlq, message_id)
    if letter is None:
        raise NotFound("there is no such dead letter")
    return queue, letter


def _gone(request: Request, refused: PeerRefused) -> Response:
    if refused.peer_code not in {"MESSAGE_NOT_FOUND", "QUEUE_NOT_FOUND"}:
        raise refused
    return done(request, "/console", "gone")
