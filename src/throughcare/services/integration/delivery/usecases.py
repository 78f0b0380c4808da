"""Distributing notifications that are due, and sending them."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.context import Context
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Sent
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.integration.consumer.model import Routing
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.delivery.model import Delivery, message
from throughcare.services.integration.delivery.store import DeliveryStore
from throughcare.services.integration.settings import IntegrationSettings, api_url

log = get_logger(__name__)


async def distribute(ctx: Context) -> int:
    """Decide for whom the notifications that are due are; how many were distributed.

    Who may hear is decided now, not when the change happened: a permission taken away meanwhile counts.
    """
    async with ctx.new_uow() as uow:
        store = uow.store(DeliveryStore)
        due = await store.due(uow.now)
        if not due:
            return 0
        routing = Routing.of(await uow.store(ConsumerStore).all_consumers())
        pairs = [(one, name) for one, kind, prison, status in due for name in routing.consumers(kind, prison, status)]
        await store.fan_out([one for one, *_ in due], pairs, uow.now)
    return len(due)


async def send_waiting(ctx: Context) -> int:
    """Send one batch to every consumer that has something waiting; how many were confirmed by their queues."""
    async with ctx.reading(DeliveryStore) as store:
        waiting = await store.waiting()
    return sum([await _send(ctx, consumer, queue) for consumer, queue in waiting])


async def forget_delivered(ctx: Context) -> None:
    """Delete what was delivered to everybody long enough ago."""
    before = ctx.now - ctx.settings(IntegrationSettings).keep_delivered
    deleted = -1
    while deleted:
        async with ctx.new_uow() as uow:
            deleted = await uow.store(DeliveryStore).clean(before)


async def _send(ctx: Context, consumer: str, queue: str) -> int:
    claim = new_id()
    async with ctx.new_uow() as uow:
        claimed = await uow.store(DeliveryStore).claim(consumer, claim)
    if not claimed:
        return 0
    results = await _hand_over(ctx, queue, claimed)
    by_id = {str(one.id): one for one in claimed}
    async with ctx.new_uow() as uow:
        store = uow.store(DeliveryStore)
        await store.confirm([by_id[one.key].id for one in results if one.ok], claim, uow.now)
        await store.postpone([(by_id[one.key], one.error or "") for one in results if not one.ok], claim)
    return sum(one.ok for one in results)


async def _hand_over(ctx: Context, queue: str, claimed: Sequence[Delivery]) -> list[Sent]:
    base_url = api_url(ctx)
    messages = [message(one, base_url=base_url, now=ctx.now, message_id=new_id()) for one in claimed]
    try:
        return await ctx.bus.send(queue, messages)
    except Exception as error:  # this queue is away; the others are not
        log.warning("consumer queue refused", labels={"queue": queue, "error": type(error).__name__})
        return [Sent(one.key, error=type(error).__name__) for one in messages]
