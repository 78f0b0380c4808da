"""Reads a queue: each event once in effect, failures retried by a table, poison out of the way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

from pydantic import ValidationError

from throughcare.kit.context import Context
from throughcare.kit.db.database import Database
from throughcare.kit.db.unit_of_work import DuplicateEvent, InboxEntry
from throughcare.kit.errors import ServiceError
from throughcare.kit.failpoints import failpoint
from throughcare.kit.inbox import table
from throughcare.kit.inbox.reactions import Reaction, Reads, Reject, Retry, Subscription
from throughcare.kit.messaging.bus import Bus, DeadReason, Received
from throughcare.kit.messaging.envelope import Envelope
from throughcare.kit.messaging.parse import Unreadable, parse
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.telemetry.traces import receive_span

log = get_logger(__name__)

BORROWED = 4  # messages for each that is handled at a time: fewer, and some of the places stand empty

MakeContext = Callable[[InboxEntry], Context]


@dataclass(frozen=True)
class Incoming:
    """A message and the event in it."""

    message: Received
    envelope: Envelope


class Consumer:
    """One queue of one service. Any number may compete for the same queue."""

    def __init__(self, subscription: Subscription, bus: Bus, database: Database, make_context: MakeContext) -> None:
        self.subscription, self.queue = subscription, subscription.queue.name
        self._bus, self._database, self._make_context = bus, database, make_context
        self._by_type = {kind: one for one in subscription.reactions for kind in one.reads.types}
        self._limit = max([10, BORROWED * subscription.concurrency, *(one.batch for one in subscription.reactions)])
        self._slots = asyncio.Semaphore(subscription.concurrency)
        self._waiting: asyncio.Future[list[Received]] | None = None
        self._interrupted = False

    async def step(self, wait: float = 0.0) -> int:
        """Receive and handle one batch; how many messages there were."""
        self._waiting = asyncio.ensure_future(self._bus.receive(self.queue, limit=self._limit, wait=wait))
        try:
            messages = await self._waiting
        except asyncio.CancelledError:
            if self._interrupted:
                return 0
            raise
        finally:
            self._waiting = None
        if not messages:
            return 0
        await failpoint("consume.after_receive")
        try:
            async with self._keeping(messages):
                await self._handle(messages)
        except asyncio.CancelledError:  # this process stops: what it did not finish, another may have at once
            for message in messages:
                await self._bus.release(message)
            raise
        return len(messages)

    def interrupt(self) -> None:
        """End a wait for messages; what was received already is finished first."""
        self._interrupted = True
        if self._waiting is not None:
            self._waiting.cancel()

    async def _handle(self, messages: Sequence[Received]) -> None:
        groups: dict[str, list[Incoming]] = {}
        done: list[Received] = []
        for message in messages:
            try:
                envelope = parse(message, body_decides=self.subscription.body_decides)
            except Unreadable as error:
                await self._dead(message, error.reason, error.detail, "unreadable")
                continue
            if envelope.event_type not in self._by_type:
                self._count("unknown", "unknown_event")
                done.append(message)
                continue
            incoming = Incoming(message, envelope)
            groups.setdefault(self._group(incoming), []).append(incoming)
        handled = await asyncio.gather(*(self._in_turn(group) for group in groups.values()), return_exceptions=True)
        failures = [one for one in handled if isinstance(one, BaseException)]
        done += [message for group in handled if not isinstance(group, BaseException) for message in group]
        await self._bus.acknowledge(done)
        await failpoint("consume.after_ack")
        if failures:  # not an event's failure but the database's or the bus's: those messages come back by themselves
            raise failures[0]

    def _group(self, incoming: Incoming) -> str:
        """Messages of one group are handled one after another (or together, when the reaction takes batches)."""
        one = self._by_type[incoming.envelope.event_type]
        if one.batch > 1:
            return one.name
        if one.order_by is not None:
            with contextlib.suppress(ValidationError):
                return f"{one.order_by}={getattr(one.reads.of(incoming.envelope), one.order_by)}"
        return incoming.message.message_id

    async def _in_turn(self, group: Sequence[Incoming]) -> list[Received]:
        one = self._by_type[group[0].envelope.event_type]
        async with self._slots:
            if one.batch > 1:
                slices = [group[start : start + one.batch] for start in range(0, len(group), one.batch)]
                return [message for part in slices for message in await self._together(one, part)]
            results = [await self._alone(incoming) for incoming in group]
        return [message for message in results if message is not None]

    async def _together(self, one: Reaction, group: Sequence[Incoming]) -> list[Received]:
        started = perf_counter()
        with receive_span(f"{one.name} batch", self.queue, None, system=self._bus.queue_system):
            try:
                unique = {incoming.envelope.event_id: incoming.envelope for incoming in group}
                events = [one.reads.of(envelope) for envelope in unique.values()]
                entry = self._entry(events)
                await self._react(one, events, entry)
            except DuplicateEvent:
                pass
            except Exception:  # one of them is bad: find out which
                results = [await self._alone(incoming, together=True) for incoming in group]
                return [message for message in results if message is not None]
        done = [incoming for incoming in group if incoming.envelope.event_id not in entry.failed]
        for incoming in done:
            self._count(incoming.envelope.event_type, "ok")
        for incoming in group:
            if incoming.envelope.event_id in entry.failed:
                await self._failed(incoming, entry.failed[incoming.envelope.event_id])
        metrics.message_handle_seconds.labels(self.queue, one.name).observe(perf_counter() - started)
        return [incoming.message for incoming in done]

    async def _alone(self, incoming: Incoming, *, together: bool = False) -> Received | None:
        """Handle one event; the message when it can be acknowledged, None when it was put elsewhere."""
        envelope, message = incoming.envelope, incoming.message
        one, started = self._by_type[envelope.event_type], perf_counter()
        with (
            bound_correlation(envelope.correlation_id or None),
            receive_span(envelope.event_type, self.queue, envelope.traceparent, system=self._bus.queue_system),
        ):
            try:
                event = one.reads.of(envelope)
                entry = self._entry([event])
                await self._react(one, [event] if together else event, entry)
                if entry.failed:
                    raise entry.failed[event.event_id]
                self._count(envelope.event_type, "ok")
            except DuplicateEvent:
                self._count(envelope.event_type, "duplicate")
            except Exception as error:
                await self._failed(incoming, error)
                return None
            finally:
                metrics.message_handle_seconds.labels(self.queue, envelope.event_type).observe(perf_counter() - started)
        return message

    def _entry(self, events: Sequence[Reads]) -> InboxEntry:
        return InboxEntry(self.queue, [(event.event_id, event.event_type) for event in events])

    async def _react(self, one: Reaction, argument: object, entry: InboxEntry) -> None:
        context = self._make_context(entry)
        await one.handler(argument, context)
        await failpoint("consume.after_effect")
        if not context.uow.used and entry.remaining:
            await self._nothing_to_do(entry)

    async def _failed(self, incoming: Incoming, error: Exception) -> None:
        """Put away what can never be handled, and try anything else again."""
        if isinstance(error, Reject | ValidationError):
            await self._note_failure(incoming.envelope, "dead", error)
            await self._dead(incoming.message, "permanent", _cause(error), incoming.envelope.event_type)
        else:
            await self._again(incoming, error)

    async def _nothing_to_do(self, entry: InboxEntry) -> None:
        ids, types = zip(*entry.remaining, strict=True)
        values = {"consumer": entry.consumer, "ids": list(ids), "types": list(types)}
        await self._database.alone(table.NOTHING_TO_DO, values)

    async def _again(self, incoming: Incoming, error: Exception) -> None:
        envelope, message = incoming.envelope, incoming.message
        await self._note_failure(envelope, "retry", error)
        log.warning("event failed", labels=self._labels(envelope, error, message.receives))
        if message.receives >= self.subscription.queue.max_receives:
            await self._dead(message, "exhausted", _cause(error), envelope.event_type)
            return
        planned = self.subscription.delay(envelope.event_type, message.receives)
        await self._bus.release(message, error.after if isinstance(error, Retry) else planned)
        self._count(envelope.event_type, "retry")

    def _labels(self, envelope: Envelope, error: Exception, receives: int) -> dict[str, str]:
        return {
            "queue": self.queue,
            "event_type": envelope.event_type,
            "event_id": str(envelope.event_id),
            "error": _cause(error),
            "receives": str(receives),
        }

    async def _note_failure(self, envelope: Envelope, outcome: str, error: Exception) -> None:
        values: dict[str, str | UUID] = {"consumer": self.queue, "id": envelope.event_id, "type": envelope.event_type}
        await self._database.alone(table.FAILED, {**values, "outcome": outcome, "error": type(error).__name__})

    async def _dead(self, message: Received, reason: DeadReason, detail: str, event_type: str) -> None:
        await self._bus.dead_letter(message, reason, detail)
        self._count(event_type, "dead")
        labels = {"queue": self.queue, "reason": reason, "event_type": event_type, "message_id": message.message_id}
        log.error("message dead-lettered", labels=labels)

    def _count(self, event_type: str, outcome: str) -> None:
        metrics.message_handled_total.labels(self.queue, event_type, outcome).inc()

    @contextlib.asynccontextmanager
    async def _keeping(self, messages: Sequence[Received]) -> AsyncIterator[None]:
        """Renew the leases at a third of the visibility time-out, so that slow work is not handed out twice."""
        visibility = self.subscription.queue.visibility

        async def renew() -> None:
            while True:
                await asyncio.sleep(visibility / 3)
                with contextlib.suppress(Exception):
                    await self._bus.extend(messages, visibility)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()


def _cause(error: Exception) -> str:
    """What went wrong, in words that hold no personal data."""
    if isinstance(error, ValidationError):
        places = sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()})
        return f"ValidationError at {', '.join(places)}"
    if isinstance(error, ServiceError):
        return f"{type(error).__name__} {error.code}"
    if isinstance(error, Reject | Retry):
        return str(error)
    return type(error).__name__
