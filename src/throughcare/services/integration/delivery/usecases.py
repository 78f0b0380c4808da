"""Deciding for whom notifications are, and bringing them there: whatever happens to one consumer stops no other."""

from __future__ import annotations

import asyncio
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
from throughcare.services.integration.delivery.model import LONGEST_QUEUE_PAUSE, Delivery, Due, Line, Told, messages
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


@dataclass(frozen=True)
class Sending:
    """How much a queue took, and whether more may be sent at once."""

    taken: int = 0
    may_go_on: bool = True


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

    A consumer that takes longer than a second goes on by itself until nothing waits for it, and the next round passes
    it by.
    """
    desk = _desk(ctx)
    made = await distribute(ctx, busy=frozenset(desk.errands))
    async with ctx.reading(DeliveryStore) as store:
        waiting = [one for one in await store.waiting() if one[0] not in desk.errands]
    for (consumer, queue), deliveries in made.to_send.items():
        desk.errands[consumer] = asyncio.create_task(_errand(ctx, consumer, queue, deliveries, made.claim))
    for consumer, queue in waiting:
        if consumer not in desk.errands:
            desk.errands[consumer] = asyncio.create_task(_errand(ctx, consumer, queue, (), made.claim))
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
        for line in await line_up(uow, pairs, queues, claimed=claimed, claim=made.claim):
            queue = queues[line.consumer]
            if line.claimed and queue is not None:
                made.to_send[line.consumer, queue] = _deliveries(line, {one.event_id: one for one in due})
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
) -> list[Line]:  # fmt: skip
    """Give each its place in its consumer's line, those for ``claimed`` consumers to be sent by whoever calls.

    For a consumer without a queue nothing is to be sent: it reads its line itself.
    """
    lines: dict[str, Line] = {}
    for one, name, audience in pairs:
        line = lines.get(name) or lines.setdefault(name, Line(name))
        line.ids.append(one.event_id)
        if audience is not one.latest:
            line.others[one.event_id] = audience
    if lines:
        store = uow.store(DeliveryStore)
        first = await store.advance({name: len(line.ids) for name, line in lines.items()})
        for name, line in lines.items():
            line.first, line.fed = first[name], queues[name] is None
            line.claimed = name in claimed and not line.fed
        await store.fan_out(list(lines.values()), claim=claim, now=uow.now)
    return list(lines.values())


def _deliveries(line: Line, due: Mapping[int, Due]) -> list[Delivery]:
    found = []
    for position, event_id in enumerate(line.ids, start=line.first):
        one = due[event_id]
        prison_id, status, hmpps_id = line.others.get(event_id, one.latest)
        told = Told(event_id, hmpps_id, one.event_type, one.path, prison_id, one.last_change_at)
        found.append(Delivery(line.consumer, position, told, status))
    return found


async def finish(ctx: Context) -> None:
    """Wait until what is being sent was confirmed; what was not begun is left to others."""
    errands = list(_desk(ctx).errands.values())
    if errands:
        await asyncio.wait(errands, timeout=SEND_SECONDS)


async def _errand(ctx: Context, consumer: str, queue: str, deliveries: Sequence[Delivery], claim: UUID) -> int:
    """Send what is at hand and then whatever waits for this consumer; how much the queue took."""
    await failpoint("delivery.after_claim")
    sent = await _send(ctx, consumer, queue, deliveries, claim) if deliveries else Sending()
    total = sent.taken
    while sent.may_go_on and not ctx.runtime.draining:
        sent = await _send_waiting(ctx, consumer, queue)
        total += sent.taken
    return total


async def _send_waiting(ctx: Context, consumer: str, queue: str) -> Sending:
    """Send what was left over: refused before, held, or claimed by a process that died."""
    claim = new_id()
    async with ctx.new_uow() as uow:
        claimed = await uow.store(DeliveryStore).claim(consumer, claim)
        routing = _desk(ctx).route(await uow.store(ConsumerStore).all_consumers())
        withdrawn = [
            one
            for one in claimed
            if not routing.admits(consumer, one.told.event_type, one.told.prison_id, one.supervision_status)
        ]
        refused = [(one, WITHDRAWN, True) for one in withdrawn]
        await uow.store(DeliveryStore).postpone(consumer, refused, claim, uow.now)
    gone = {one.position for one in withdrawn}
    left = [one for one in claimed if one.position not in gone]
    return await _send(ctx, consumer, queue, left, claim) if left else Sending(may_go_on=bool(gone))


async def _send(ctx: Context, consumer: str, queue: str, deliveries: Sequence[Delivery], claim: UUID) -> Sending:
    """Hand the deliveries over, a part at a time, each confirmed before the next."""
    deadline = monotonic() + LEASE_SECONDS / 2
    taken = 0
    for start in range(0, len(deliveries), CHUNK):
        part = deliveries[start : start + CHUNK]
        results = await _hand_over(ctx, queue, part)
        if isinstance(results, str):
            await _leave_alone(ctx, consumer, results, claim)
            return Sending(taken, may_go_on=False)
        taken += await _settle(ctx, consumer, part, results, claim)
        if ctx.runtime.draining or monotonic() > deadline:  # what is left would outlive the lease
            async with ctx.new_uow() as uow:
                await uow.store(DeliveryStore).release(consumer, claim)
            break
    if taken:
        async with ctx.new_uow() as uow:
            await uow.store(DeliveryStore).went_well(consumer, uow.now)
    return Sending(taken)


async def _hand_over(ctx: Context, queue: str, part: Sequence[Delivery]) -> list[Sent] | str:
    """What became of each entry, or why the whole queue failed."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            results = await ctx.bus.send(queue, messages(part, base_url=api_url(ctx), now=ctx.now, make_id=new_id))
    except Exception as error:  # this queue is away; the others are not
        log.warning("consumer queue refused", labels={"queue": queue, "error": type(error).__name__})
        return type(error).__name__
    await failpoint("delivery.after_send")
    return results


async def _settle(ctx: Context, consumer: str, part: Sequence[Delivery], results: Sequence[Sent], claim: UUID) -> int:
    """Write down what the queue said to each entry; while the database is away this is tried again for a while."""
    refused = [(one, result.error or "", False) for one, result in zip(part, results, strict=True) if not result.ok]
    for pause in (*CONFIRM_PAUSES, None):
        try:
            async with ctx.new_uow() as uow:
                store = uow.store(DeliveryStore)
                await store.postpone(consumer, refused, claim, uow.now)
                await store.confirm(consumer, part, claim, uow.now)
            break
        except Exception:
            if pause is None:
                raise
            await asyncio.sleep(pause)
    taken = len(part) - len(refused)
    measures.delivered_total.labels(consumer).inc(taken)
    measures.delivery_refused_total.labels(consumer).inc(len(refused))
    return taken


async def _leave_alone(ctx: Context, consumer: str, error: str, claim: UUID) -> None:
    """The queue as a whole failed: that is no failure of what was to be sent, so that nothing of it is given up."""
    async with ctx.new_uow() as uow:
        store = uow.store(DeliveryStore)
        await store.release(consumer, claim)
        await store.away(consumer, error, LONGEST_QUEUE_PAUSE)
    measures.queue_away_total.labels(consumer).inc()
