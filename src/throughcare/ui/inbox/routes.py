"""The messages that services sent, for whoever tries the system out."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pages import HEADERS
from throughcare.kit.web.router import Router
from throughcare.ui.page import INBOX_ROLES, page
from throughcare.ui.peers.notify import Message, Notify

router = Router(prefix="/inbox", tag="Messages", include_in_schema=False)
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@router.get("", roles=INBOX_ROLES)
async def inbox(request: Request, ctx: Ctx, to: str = "", template: str = "", reference: str = "") -> HTMLResponse:
    """What was sent, newest first."""
    messages = await ctx.peer(Notify, as_user=True).inbox(to, template, reference)
    return page(
        request, ctx, "inbox/list.html", title="Messages", page_id="inbox", messages=messages,
        filters={"to": to, "template": template, "reference": reference},
    )  # fmt: skip


@router.get("/{message_id}", roles=INBOX_ROLES)
async def message(request: Request, ctx: Ctx, message_id: UUID) -> HTMLResponse:
    """One message: as its reader sees it, as text, and how it was delivered."""
    found = await _find(ctx, message_id)
    title = found.subject or "Text message"
    return page(request, ctx, "inbox/message.html", title=title, page_id="inbox-message", message=found)


@router.get("/{message_id}/body", roles=INBOX_ROLES)
async def body(ctx: Ctx, message_id: UUID) -> HTMLResponse:
    """The message's own HTML, for the sandboxed frame."""
    found = await _find(ctx, message_id)
    headers = {**HEADERS, "Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    document = (
        f'<!doctype html><html lang="en"><head><title>Message</title></head><body>{found.html or ""}</body></html>'
    )
    return HTMLResponse(document, headers=headers)


async def _find(ctx: Ctx, message_id: UUID) -> Message:
    try:
        return await ctx.peer(Notify, as_user=True).message(message_id)
    except PeerRefused as refused:
        if refused.peer_status == 404:
            raise NotFound("there is no such message") from None
        raise
