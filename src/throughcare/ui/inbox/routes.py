"""The messages that services sent, for whoever tries the system out."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pages import HEADERS
from throughcare.kit.web.router import Router
from throughcare.ui.page import INBOX_ROLES, page
from throughcare.ui.peers.notify import Message, Notify

router = Router(prefix="/inbox", tag="Messages", include_in_schema=False)
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
PAGE = 50


@router.get("", roles=INBOX_ROLES)
async def inbox(
    request: Request, ctx: Ctx, to: str = "", template: str = "", reference: str = "", older: UUID | None = None
) -> HTMLResponse:
    """What was sent, newest first."""
    filters = {"to": to.strip(), "template": template.strip(), "reference": reference.strip()}
    found = await ctx.peer(Notify, as_user=True).inbox(filters, older, PAGE + 1)
    shown = found[:PAGE]
    given = {name: value for name, value in filters.items() if value}
    next_page = urlencode({**given, "older": shown[-1].id}) if len(found) > PAGE else ""
    return page(
        request, "inbox/list.html", title="Messages", page_id="inbox", messages=shown, filters=filters,
        filtered=bool(given), older=next_page, beyond=older is not None,
    )  # fmt: skip


@router.get("/{message_id}", roles=INBOX_ROLES)
async def message(request: Request, ctx: Ctx, message_id: UUID) -> HTMLResponse:
    """One message: as its reader sees it, as text, and how it was delivered."""
    found = await _find(ctx, message_id)
    title = found.subject or "Text message"
    return page(request, "inbox/message.html", title=title, page_id="inbox-message", message=found)


@router.get("/{message_id}/body", roles=INBOX_ROLES)
async def body(ctx: Ctx, message_id: UUID) -> HTMLResponse:
    """The message's own HTML, for the sandboxed frame; its links open beside it."""
    found = await _find(ctx, message_id)
    headers = {**HEADERS, "Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    head = '<meta charset="utf-8"><title>Message</title><base target="_blank">'
    document = f'<!doctype html><html lang="en"><head>{head}</head><body>{found.html or ""}</body></html>'
    return HTMLResponse(document, headers=headers)


async def _find(ctx: Ctx, message_id: UUID) -> Message:
    found = await ctx.peer(Notify, as_user=True).message(message_id)
    if found is None:
        raise NotFound("there is no such message")
    return found
