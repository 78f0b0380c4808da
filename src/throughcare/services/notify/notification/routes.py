"""Asking the Notify API about messages."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.notify.account.routes import Sender, account_base
from throughcare.services.notify.document.model import uuid_of
from throughcare.services.notify.notification.model import RETENTION, Notification
from throughcare.services.notify.notification.schemas import read_list_query, stored
from throughcare.services.notify.notification.views import NotificationViews
from throughcare.services.notify.refusal.model import Refused, invalid

router = Router(prefix="/v2", tag="Notify API: messages")


@router.get("/notifications/{notification_id}", public=True)
async def get_notification(notification_id: str, request: Request, sender: Sender, ctx: Ctx) -> dict[str, object]:
    """One message of the service, whatever key sent it."""
    return stored(await _find(notification_id, sender, ctx), account_base(request))


@router.get("/notifications/{notification_id}/pdf", public=True)
async def get_pdf(notification_id: str, sender: Sender, ctx: Ctx) -> None:
    """Only letters have a PDF, and there are none."""
    await _find(notification_id, sender, ctx)
    raise Refused.bad_request("Notification is not a letter")


@router.get("/notifications", public=True)
async def list_notifications(request: Request, sender: Sender, ctx: Ctx) -> dict[str, object]:
    """Messages sent with this type of key, newest first, 250 a page."""
    query = read_list_query(request.query_params.multi_items())
    async with ctx.reading(NotificationViews) as views:
        page = await views.page(
            sender.account.id,
            ctx.now - RETENTION,
            key_type=sender.key.type,
            channels=query.template_type,
            statuses=query.statuses,
            reference=query.reference[0] if query.reference else None,
            older_than=query.older_than[0] if query.older_than else None,
        )
    base = account_base(request)
    address = f"{base}/v2/notifications"
    current = f"{address}?{request.url.query}" if request.url.query else address
    links = {"current": current}
    if page:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "older_than"]
        links["next"] = f"{address}?{urlencode([*kept, ('older_than', str(page[-1].id))])}"
    return {"notifications": [stored(one, base) for one in page], "links": links}


@router.get("/received-text-messages", public=True)
async def list_received_texts(request: Request, _: Sender) -> dict[str, object]:
    """Nobody can answer a text of the stand-in, so there are none."""
    for name, value in request.query_params.items():
        if name != "older_than":
            raise Refused.invalid([invalid(f"Additional properties are not allowed ({name[:100]})")])
        uuid_of(value, "older_than")
    return {"received_text_messages": [], "links": {"current": f"{account_base(request)}{request.url.path}"}}


async def _find(notification_id: str, sender: Sender, ctx: Ctx) -> Notification:
    wanted = uuid_of(notification_id, "notification_id")
    async with ctx.reading(NotificationViews) as views:
        one = await views.one(sender.account.id, wanted, ctx.now - RETENTION)
    if one is None:
        raise Refused.not_found()
    return one
