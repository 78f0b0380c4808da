"""What became of messages: receipts that Notify posts, and questions about those that it never told of.

Source: docs.notifications.service.gov.uk, "delivery receipts". A receipt may come twice, late, or before our
own record of the message; a final status is only ever replaced by a later final one.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.errors import Unauthorised
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.ids import new_id
from throughcare.kit.notify import table
from throughcare.kit.notify.cipher import MailCipher
from throughcare.kit.notify.client import notify_peer
from throughcare.kit.notify.events import NotificationDeliveryFailed
from throughcare.kit.notify.keys import callback_token
from throughcare.kit.notify.sending import error_class, request_id
from throughcare.kit.notify.settings import MailSettings
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router

if TYPE_CHECKING:
    from throughcare.kit.context import Context

log = get_logger(__name__)

FINAL = {
    "delivered": "delivered",
    "permanent-failure": "failed-permanent",
    "temporary-failure": "failed-temporary",
    "technical-failure": "failed-technical",
}
ANNOUNCED: dict[str, Literal["failed-permanent", "failed-technical"]] = {
    "failed-permanent": "failed-permanent",
    "failed-technical": "failed-technical",
}
UNKNOWN_FOR = timedelta(hours=24)


class Receipt(BaseModel):
    """A delivery receipt, exactly as Notify documents it."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    reference: str | None
    to: str
    status: Literal["delivered", "permanent-failure", "temporary-failure", "technical-failure", "sent"]
    created_at: datetime
    completed_at: datetime | None
    sent_at: datetime | None
    notification_type: Literal["email", "sms"]
    template_id: UUID
    template_version: int


def callbacks_router() -> Router:
    """The address that Notify posts delivery receipts to: ``POST /notify/callbacks/delivery``.

    It is open for the kit, since Notify has no token of ours; it checks the bearer token agreed with Notify.
    """
    router = Router(prefix="/notify/callbacks", tag="GOV.UK Notify")

    @router.post("/delivery", public=True, status=204, errors=[Unauthorised], dependencies=[Depends(_check_token)])
    async def receive_delivery_receipt(receipt: Receipt, request: Request, ctx: Ctx) -> None:
        """Keep a delivery receipt; what it says takes effect a moment later."""
        values = {
            "id": new_id(),
            "notify_id": receipt.id,
            "reference": request_id(receipt.reference),
            "status": receipt.status,
            "completed_at": receipt.completed_at,
            "raw": MailCipher(ctx.secrets, ctx.runtime.name).seal((await request.body()).decode()),
            "now": ctx.now,
        }
        async with ctx.uow as uow:
            await uow.connection.execute(table.KEEP_RECEIPT, values)

    return router


async def _check_token(ctx: Ctx, authorization: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    configured = ctx.settings(MailSettings).notify_callback_token
    token = configured.get_secret_value() if configured else callback_token(ctx.secrets, ctx.runtime.name)
    if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise Unauthorised


async def take_receipts(ctx: Context) -> int:
    """One step of the worker ``take-receipts``: let receipts have their effect; how many are done with.

    A receipt for a message that is not known is looked at again for 24 hours.
    """
    done = 0
    async with ctx.new_uow() as uow:
        for receipt in (await uow.connection.execute(table.OPEN_RECEIPTS)).mappings().all():
            outcome = await _take(uow, receipt)
            if outcome == "unknown" and uow.now - receipt["received_at"] < UNKNOWN_FOR:
                await uow.connection.execute(table.LOOK_LATER, {"id": receipt["id"]})
                continue
            await uow.connection.execute(table.CLOSE_RECEIPT, {"id": receipt["id"], "outcome": outcome})
            done += 1
    return done


async def _take(uow: UnitOfWork, receipt: RowMapping) -> str:
    if receipt["status"] not in FINAL:
        return "not-final"
    keys = {"reference": receipt["reference"], "notify_id": receipt["notify_id"]}
    request = await uow.connection.scalar(table.REQUEST_OF, keys)
    if request is None:
        return "unknown"
    at = receipt["completed_at"] or receipt["received_at"]
    changed = await settle(uow, request, receipt["notify_id"], FINAL[receipt["status"]], at)
    return "settled" if changed else "no-change"


async def settle(uow: UnitOfWork, request: UUID, notify_id: UUID, status: str, at: datetime) -> bool:
    """Give a request its final status and announce a failure; whether anything changed."""
    values = {"id": request, "notify_id": notify_id, "status": status, "completed_at": at}
    row = (await uow.connection.execute(table.SETTLE, values)).mappings().one_or_none()
    if row is None:
        return False
    if outcome := ANNOUNCED.get(status):
        uow.publish(NotificationDeliveryFailed(request_id=request, template=row["template_key"], outcome=outcome))
    return True


async def reconcile(ctx: Context) -> None:
    """Ask Notify about every message that is still open 97 hours after it was accepted.

    By then Notify has given up itself; a message that it no longer knows is recorded as a technical failure.
    """
    peer = notify_peer(ctx)
    async with ctx.new_uow() as uow:
        open_requests = (await uow.connection.execute(table.UNSETTLED, {"now": uow.now})).mappings().all()
    for row in open_requests:
        try:
            seen = await peer.find(row["notify_id"])
        except PeerRefused as refused:
            log.error("Notify refuses a question about a message", labels={"reason": error_class(refused)})
            return
        status = FINAL.get(seen.status) if seen else "failed-technical"
        if status is not None:
            async with ctx.new_uow() as uow:
                at = (seen.completed_at if seen else None) or uow.now
                await settle(uow, row["id"], row["notify_id"], status, at)


async def wipe(ctx: Context) -> None:
    """Forget recipient and personalisation 7 days after a message's end; receipts 7 days after they came."""
    for statement in (table.WIPE, table.CLEAN_RECEIPTS):
        wiped = -1
        while wiped:
            async with ctx.new_uow() as uow:
                wiped = (await uow.connection.execute(statement, {"now": uow.now})).rowcount
