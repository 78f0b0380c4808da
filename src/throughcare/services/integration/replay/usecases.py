"""Tell again."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.context import Context
from throughcare.kit.ids import new_id
from throughcare.services.integration.consumer.model import Routing
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.delivery.usecases import addressed, line_up
from throughcare.services.integration.replay.schemas import Replay
from throughcare.services.integration.replay.store import ReplayStore


async def replay(ctx: Context, consumer: str, wanted: Replay) -> int:
    """Put past notifications into one consumer's line once more, as far as it may hear of them now; how many.

    A page is a transaction of its own. Raises NoConsumer.
    """
    count, after = 0, 0
    while True:
        async with ctx.new_uow() as uow:
            one = await uow.store(ConsumerStore).get(consumer)
            page = await uow.store(ReplayStore).past(
                after, since=wanted.since, until=wanted.until, event_type=wanted.event_type, hmpps_id=wanted.hmpps_id
            )
            pairs = addressed(page, Routing.of([one]))
            await line_up(uow, pairs, {one.name: one.queue_name}, claim=new_id())
            count += len(pairs)
        if not page:
            return count
        after = page[-1].event_id


async def retry(ctx: Context, consumer: str, positions: Sequence[int] | None) -> int:
    """Try again what was given up for a consumer, or what failed at some places of its line; how many deliveries.

    Raises NoConsumer.
    """
    async with ctx.uow as uow:
        await uow.store(ConsumerStore).get(consumer)
        store = uow.store(ReplayStore)
        return await (store.revive(consumer) if positions is None else store.hasten(consumer, positions))
