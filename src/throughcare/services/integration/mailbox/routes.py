"""A consumer reads its own queue over HTTP. Whose queue it is, the client's own name decides."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated

from fastapi import Query

from throughcare.kit.context import Context
from throughcare.kit.errors import BadRequest, Forbidden
from throughcare.kit.messaging.bus import Received
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.consumer.model import NoConsumer
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.mailbox.schemas import QueueMessage, QueueMessages

CONSUMER = ["ROLE_INTEGRATION__CONSUMER"]

router = Router(prefix="/v1/queue", tag="A consumer's own queue")


class NotAConsumer(Forbidden):
    """The client is no consumer with a queue (403)."""

    code = "NOT_A_CONSUMER"
    title = "This client is not a consumer with a queue"


class BadReceipt(BadRequest):
    """The receipt is not one of ours (400)."""

    code = "RECEIPT_INVALID"
    title = "This is not a receipt"


@router.get("/messages", roles=CONSUMER, errors=[NotAConsumer])
async def receive(
    ctx: Ctx, limit: Annotated[int, Query(ge=1, le=100)] = 10, wait: Annotated[float, Query(ge=0, le=20)] = 0
) -> QueueMessages:
    """Borrow messages, waiting for the first; what is not acknowledged in time comes back."""
    queue = await _queue(ctx)
    found = await ctx.bus.receive(queue, limit=limit, wait=wait)
    return QueueMessages(
        messages=[
            QueueMessage(
                message_id=one.message_id, receipt=_receipt(one), body=one.body, receives=one.receives,
                sent_at=one.sent_at,
            )
            for one in found
        ]
    )  # fmt: skip


@router.delete("/messages/{receipt}", status=204, roles=CONSUMER, errors=[NotAConsumer, BadReceipt])
async def acknowledge(receipt: str, ctx: Ctx) -> None:
    """The message is done with; a receipt whose time has run out does nothing."""
    queue = await _queue(ctx)
    message_id, proof = _read(receipt)
    await ctx.bus.acknowledge([Received(queue, message_id, proof, "", {}, 1, ctx.now)])


async def _queue(ctx: Context) -> str:
    if ctx.user.is_user:
        raise NotAConsumer
    try:
        async with ctx.reading(ConsumerStore) as store:
            queue = (await store.get(ctx.user.client_id)).queue_name
    except NoConsumer:
        raise NotAConsumer from None
    if queue is None:
        raise NotAConsumer
    return queue


def _receipt(one: Received) -> str:
    return base64.urlsafe_b64encode(json.dumps([one.message_id, one.receipt]).encode()).decode()


def _read(receipt: str) -> tuple[str, str]:
    try:
        message_id, proof = json.loads(base64.urlsafe_b64decode(receipt.encode()))
    except (binascii.Error, ValueError, TypeError):
        raise BadReceipt from None
    if not isinstance(message_id, str) or not isinstance(proof, str):
        raise BadReceipt
    return message_id, proof
