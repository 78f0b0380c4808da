"""The inbox for people and for tests."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Annotated
from uuid import UUID

from fastapi import Query

from throughcare.kit.context import Context
from throughcare.kit.errors import Conflict, NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.notify.account.model import Account
from throughcare.services.notify.account.store import load_accounts
from throughcare.services.notify.inbox.schemas import (
    InboxFilter,
    InboxList,
    InboxMessageDetail,
    InboxWait,
    MarkAs,
    ServiceBody,
    Services,
)
from throughcare.services.notify.inbox.views import InboxViews
from throughcare.services.notify.notification import usecases
from throughcare.services.notify.settings import NotifySettings

ROLES = ["ROLE_NOTIFY__INBOX"]
LOOK_EVERY_SECONDS = 0.2

router = Router(prefix="/inbox", tag="Inbox")


class NoCallback(Conflict):
    """The message's service has no address for delivery receipts (409)."""

    code = "NO_CALLBACK"
    title = "This service has no address for delivery receipts"


@router.get("", roles=ROLES)
async def list_messages(wanted: Annotated[InboxFilter, Query()], ctx: Ctx) -> InboxList:
    """The newest messages that match; ``olderThan`` takes the id of the last one for the next page."""
    async with ctx.reading(InboxViews) as views:
        return InboxList(messages=await views.messages(wanted))


@router.get("/wait", roles=ROLES)
async def wait_for_message(wanted: Annotated[InboxWait, Query()], ctx: Ctx) -> InboxList:
    """The messages that match as soon as there is one; none after ``timeout`` seconds."""
    until = monotonic() + wanted.timeout
    while True:
        async with ctx.reading(InboxViews) as views:
            found = await views.messages(wanted)
        if found or monotonic() >= until:
            return InboxList(messages=found)
        await asyncio.sleep(LOOK_EVERY_SECONDS)


@router.get("/services", roles=ROLES)
async def list_services(ctx: Ctx) -> Services:
    """The services of the stand-in and their API keys, for trying a client."""
    return Services(services=[ServiceBody.of(one) for one in _accounts(ctx).values()])


@router.get("/{message_id}", roles=ROLES)
async def get_message(message_id: UUID, ctx: Ctx) -> InboxMessageDetail:
    """A message with its delivery history, the request that made it and the receipts that were posted."""
    async with ctx.reading(InboxViews) as views:
        found = await views.message(message_id)
    if found is None:
        raise NotFound("there is no such message", code="MESSAGE_NOT_FOUND")
    return found


@router.post("/{message_id}/status", status=204, roles=ROLES)
async def mark_message(message_id: UUID, body: MarkAs, ctx: Ctx) -> None:
    """Give a message a final status; the receipt is posted to its service."""
    by = ctx.user.principal_name
    await usecases.settle_notification(ctx.uow, _accounts(ctx), message_id, body.status, by=by)


@router.post("/{message_id}/receipt", status=204, roles=ROLES, errors=[NoCallback])
async def post_receipt_again(message_id: UUID, ctx: Ctx) -> None:
    """Post the message's delivery receipt once more."""
    if not await usecases.post_receipt_again(ctx.uow, _accounts(ctx), message_id):
        raise NoCallback


@router.delete("", status=204, roles=ROLES)
async def delete_messages(ctx: Ctx) -> None:
    """Delete every message."""
    await usecases.empty_inbox(ctx.uow)


def _accounts(ctx: Context) -> dict[UUID, Account]:
    return load_accounts(ctx.secrets, ctx.settings(NotifySettings).callbacks)
