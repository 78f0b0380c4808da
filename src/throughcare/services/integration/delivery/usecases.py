"""Deciding for whom notifications are, and bringing them there: whatever happens to one consumer stops no other."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID
from weakref import WeakKeyDictionary

from throughcare.kit.context import Context
from throughcare.kit.db import UnitOfWork
from throughcare.kit.failpoints import failpoint
from throughcare.kit.http.gateway import Gateway
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Sent
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.integration import measures
from throughcare.services.integration.consumer.model import Consumer, Routing
from throughcare.services.integration.consumer.store import ConsumerStore
from throughcare.services.integration.delivery.model import LONGEST_QUEUE_PAUSE, Delivery, Due, message
from throughcare.services.integration.delivery.store import LEASE_SECONDS, DeliveryStore
from throughcare.services.integration.notification.model import Audience
from throughcare.services.integration.notification.store import NotificationStore
from throughcare.services.integration.settings import IntegrationSettings, api_url

PATIENCE_SECONDS = 1.0
SEND_SECONDS = 20.0
CHUNK = 100
CONFIRM_PAUSES = (0.2, 1.0, 3.0, 8.0)
WITHDRAWN = "no longer permitted"

log = get_logger(__name__)


@dataclass
class Desk:
    """What one process has under way: a task for each consumer at most, and the routing of the newest configuration."""

    errands: dict[str, asyncio.Task[int]] = field(default_factory=dict)
    versions: tuple[tuple[str, int], ...] = ()
    routing: Routing = field(default_factory=lambda: Routing({}))

    def route(self, consumers: Sequence[Consumer]) -> Routing:
        """The routing, compiled anew only when some consumer's configuration changed."""
        versions = tuple((one.name, one.version) for one in consumers)
        if versions != self.versions:
            self.versions, self.routing = versions, Routing.of(consumers)
        return self.routing


_desks: WeakKeyDictionary[Gateway, Desk] = WeakKeyDictionary()


def _desk(ctx: Context) -> Desk:
    return _desks.setdefault(ctx.runtime.gateway, Desk())


@dataclass(frozen=True)
class Round:
    """What one distribution made: how many notifications, and what of it this process sends at once."""

    notifications: int = 0
    claim: UUID = field(default_factory=new_id)
    to_send: dict[tuple[str, str], list[Delivery]] = field(default_factory=dict)


async def publish(ctx: Context) -> int:
    """Distribute what is due and send what waits, to all consumers side by side; how much was done.

    A consumer that takes longer than a second goes on by itself, and the next round passes it by.
    """
    desk = _desk(ctx)
    made = await distribute(ctx, busy=frozenset(desk.errands))
    async with ctx.reading(DeliveryStore) as store:
        waiting = [one for one in await store.waiting() if one[0] not in desk.errands]
    for (consumer, queue), deliveries in made.to_send.items():
        desk.errands[consumer] = asyncio.create_task(_send(ctx, consumer, queue, deliveries, made.claim))
    for consumer, queue in waiting:
        if consumer not in desk.errands:
            desk.errands[consumer] = asyncio.create_task(_send_waiting(ctx, consumer, queue))
    if desk.errands:
        await asyncio.wait(desk.errands.values(), timeout=PATIENCE_SECONDS)
    return made.notifications + _finished(desk)


def _finished(desk: Desk) -> int:
    """Take the finished tasks off the desk; how much they sent."""
    sent = 0
    for consumer, errand in list(desk.errands.items()):
        if errand.done():
            del desk.errands[consumer]
            error = errand.exception()
            if error is None:
                sent += errand.result()
            else:
                log.error("sending failed", labels={"consumer": consumer, "error": type(error).__name__})
    return sent


async def distribute(ctx: Context, *, busy: frozenset[str] = frozenset()) -> Round:
    """Decide for whom the notifications that are due are, in one transaction.

    Who may hear is decided now, not when the change happened: a permission taken away meanwhile counts. What is for a
    consumer that is not ``busy`` is claimed at the same time.
    """
    async with ctx.new_uow() as uow:
        store = uow.store(DeliveryStore)
        due = await store.due(uow.now)
        if not due:
            return Round()
        made = Round(len(due))
        consumers = await uow.store(ConsumerStore).all_consumers()
        pairs = addressed(due, _desk(ctx).route(consumers))
        claimed = await store.free() - busy
        queues = {one.name: one.queue_name for one in consumers}
        for one in await line_up(uow, pairs, queues, claimed=claimed, claim=made.claim):
            queue = queues[one.consumer]
            if queue is not None and one.consumer in claimed:
                made.to_send.setdefault((one.consumer, queue), []).append(one)
        await store.distributed([one.event_id for one in due], uow.now)
    measures.distributed_total.inc(len(due))
    return made


async def forget_delivered(ctx: Context) -> None:
    """Delete what was delivered to everybody long enough ago, and old refusals."""
    settings = ctx.settings(IntegrationSettings)
    now = ctx.now
    deleted = -1
    while deleted:
        async with ctx.new_uow() as uow:
            deleted = await uow.store(DeliveryStore).clean(now - settings.keep_delivered)
            deleted += await uow.store(NotificationStore).clean_refusals(now - settings.keep_refusals)


Pair = tuple[Due, str, Audience]


def addressed(due: Sequence[Due], routing: Routing) -> list[Pair]:
    """For whom notifications are, and about whom each is told."""
    return [
        (one, name, audience)
        for one in due
        for name, audience in routing.recipients(one.event_type, one.latest, one.concerned)
    ]


async def line_up(
    uow: UnitOfWork, pairs: Sequence[Pair], queues: Mapping[str, str | None], *, claim: UUID,
    claimed: Collection[str] = (),
) -> list[Delivery]:  # fmt: skip
    """Give each its place in its consumer's line, those for ``claimed`` consumers to be sent by whoever calls.

    For a consumer without a queue nothing is to be sent: it reads its line itself.
    """
    if not pairs:
        return []
    store = uow.store(DeliveryStore)
    deliveries = _numbered(pairs, await store.advance(Counter(name for _, name, _ in pairs)))
    fed = {name for name, queue in queues.items() if queue is None}
    await store.fan_out(deliveries, claimed=frozenset(claimed) - fed, fed=fed, claim=claim, now=uow.now)
    return deliveries


def _numbered(pairs: Sequence[Pair], first: dict[str, int]) -> list[Delivery]:
    position = defaultdict(int, first)
    deliveries = []
    for one, name, audience in pairs:
        deliveries.append(
            Delivery(
                name, position[name], one.event_id, audience.hmpps_id, one.event_type, one.path, audience.prison_id,
                audience.supervision_status, one.last_change_at,
            )
        )  # fmt: skip
        position[name] += 1
    return deliveries


async def _send_waiting(ctx: Context, consumer: str, queue: str) -> int:
    """Send what was left over: refused before, held, or claimed by a process that died."""
    claim = new_id()
    async with ctx.new_uow() as uow:
        claimed = await uow.store(DeliveryStore).claim(consumer, claim)
        routing = _desk(ctx).route(await uow.store(ConsumerStore).all_consumers())
        withdrawn = [
            one
            for one in claimed
            if not routing.admits(consumer, one.event_type, one.prison_id, one.supervision_status)
        ]
        refused = [(one, WITHDRAWN, True) for one in withdrawn]
        await uow.store(DeliveryStore).postpone(consumer, refused, claim, uow.now)
    gone = {one.position for one in withdrawn}
    left = [one for one in claimed if one.position not in gone]
    return len(gone) + await _send(ctx, consumer, queue, left, claim)


async def _send(ctx: Context, consumer: str, queue: str, deliveries: Sequence[Delivery], claim: UUID) -> int:
    """Hand the deliveries over, a part at a time, each confirmed before the next; how many the queue holds now."""
    deadline = monotonic() + LEASE_SECONDS / 2
    sent = 0
    await failpoint("delivery.after_claim")
    for start in range(0, len(deliveries), CHUNK):
        part = deliveries[start : start + CHUNK]
        results = await _hand_over(ctx, queue, part)
        if isinstance(results, str):
            await _leave_alone(ctx, consumer, results, claim)
            return sent
        sent += await _settle(ctx, consumer, part, results, claim)
        if monotonic() > deadline:  # too slow to finish before the lease ends
            async with ctx.new_uow() as uow:
                await uow.store(DeliveryStore).release(consumer, claim)
            return sent
    return sent


async def _hand_over(ctx: Context, queue: str, part: Sequence[Delivery]) -> list[Sent] | str:
    """What became of each entry, or why the whole queue failed."""
    base_url, now = api_url(ctx), ctx.now
    messages = [message(one, base_url=base_url, now=now, message_id=new_id()) for one in part]
    try:
        async with asyncio.timeout(SEND_SECONDS):
            results = await ctx.bus.send(queue, messages)
    except Exception as error:  # this queue is away; the others are not
        log.warning("consumer queue refused", labels={"queue": queue, "error": type(error).__name__})
        return type(error).__name__
    await failpoint("delivery.after_send")
    return results


async def _settle(ctx: Context, consumer: str, part: Sequence[Delivery], results: Sequence[Sent], claim: UUID) -> int:
    """Write down what the queue said to each entry; while the database is away this is tried again for a while."""
    by_key = {str(one.position): one for one in part}
    taken = [by_key[one.key].position for one in results if one.ok]
    refused = [(by_key[one.key], one.error or "", False) for one in results if not one.ok]
    for pause in (*CONFIRM_PAUSES, None):
        try:
            async with ctx.new_uow() as uow:
                store = uow.store(DeliveryStore)
                await store.confirm(consumer, taken, claim, uow.now)
                await store.postpone(consumer, refused, claim, uow.now)
            break
        except Exception:
            if pause is None:
                raise
            await asyncio.sleep(pause)
    measures.delivered_total.labels(consumer).inc(len(taken))
    measures.delivery_refused_total.labels(consumer).inc(len(refused))
    return len(taken)


async def _leave_alone(ctx: Context, consumer: str, error: str, claim: UUID) -> None:
    """The queue as a whole failed: that is no failure of what was to be sent, so that nothing of it is given up."""
    async with ctx.new_uow() as uow:
        store = uow.store(DeliveryStore)
        await store.release(consumer, claim)
        await store.away(consumer, error, LONGEST_QUEUE_PAUSE)
    measures.queue_away_total.labels(consumer).inc()
