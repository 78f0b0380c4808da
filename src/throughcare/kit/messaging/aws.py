"""The bus on SNS and SQS: topics, queues with a redrive policy, subscriptions with a filter policy.

SNS wraps what it delivers (no raw delivery): ``Received.body`` is the queue's message as it is, and
``attributes`` come from the wrapping where there is one. Needs the extra ``aws``; credentials come from the
environment.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import ClientError

from throughcare.kit.messaging.aws_calls import Entry, cleaned, reaching
from throughcare.kit.messaging.aws_queues import Queues
from throughcare.kit.messaging.aws_topics import Topics
from throughcare.kit.messaging.bus import (
    MAX_ATTRIBUTES,
    MAX_BODY_BYTES,
    MAX_DETAIL,
    BusUnavailable,
    Dead,
    DeadReason,
    Depth,
    Outgoing,
    QueueSpec,
    Received,
    Sent,
    Subscriptions,
    UnknownQueue,
)
from throughcare.kit.messaging.filters import Policy, validate_policy

if TYPE_CHECKING:
    from types_aiobotocore_sqs.type_defs import MessageTypeDef

DEAD_RETENTION_SECONDS = 1_209_600
PEEK_SECONDS = 10
MOVE_SECONDS = 60
MOVE_BATCH = 500

_REASON, _DETAIL, _SENT_AT = "dead-reason", "dead-detail", "dead-sent-at"


@dataclass(frozen=True)
class _Services:
    """What there is while the bus is connected."""

    queues: Queues
    topics: Topics
    closing: AsyncExitStack


class AwsBus:
    """A ``Bus`` on SNS and SQS. Names get ``prefix``; ``topic_arns`` gives topics that others own."""

    topic_system, queue_system = "aws.sns", "aws_sqs"

    def __init__(
        self,
        region: str,
        endpoint_url: str | None = None,
        prefix: str = "",
        *,
        topic_arns: Mapping[str, str] | None = None,
    ) -> None:
        self._region, self._endpoint_url, self._prefix = region, endpoint_url, prefix
        self._topic_arns = dict(topic_arns or {})
        self._services: _Services | None = None

    async def start(self) -> None:
        """Connect. Raises ``BusUnavailable`` when SQS cannot be reached."""
        session = get_session()
        config = AioConfig(
            connect_timeout=5,
            read_timeout=30,
            max_pool_connections=50,
            retries={"mode": "standard", "total_max_attempts": 2},
        )
        async with AsyncExitStack() as opening:
            sqs = await opening.enter_async_context(
                session.create_client("sqs", self._region, endpoint_url=self._endpoint_url, config=config)
            )
            sns = await opening.enter_async_context(
                session.create_client("sns", self._region, endpoint_url=self._endpoint_url, config=config)
            )
            with reaching("SQS"), suppress(ClientError):
                await sqs.list_queues(QueueNamePrefix=self._prefix, MaxResults=1)
            self._services = _Services(
                Queues(sqs, self._prefix), Topics(sns, self._prefix, self._topic_arns), opening.pop_all()
            )

    async def close(self) -> None:
        """Give every connection back; safe to call twice."""
        services, self._services = self._services, None
        if services is not None:
            await services.closing.aclose()

    async def create_queue(self, spec: QueueSpec) -> None:
        """Make the queue and its dead-letter queue if they are not there; apply the limits of ``spec``."""
        await self._queues.ensure(spec.dlq, {"MessageRetentionPeriod": str(DEAD_RETENTION_SECONDS)})
        target = (await self._queues.attributes(spec.dlq, "QueueArn"))["QueueArn"]
        redrive = {"deadLetterTargetArn": target, "maxReceiveCount": spec.max_receives}
        limits = {"VisibilityTimeout": str(math.ceil(spec.visibility)), "RedrivePolicy": json.dumps(redrive)}
        await self._queues.ensure(spec.name, limits)  # type: ignore[arg-type]

    async def create_topic(self, topic: str) -> None:
        """Make the topic if it is not there."""
        await self._topics.ensure(topic)

    async def subscribe(self, topic: str, queue: str, policy: Policy) -> None:
        """Let ``queue`` receive what matches ``policy``. Raises ``UnknownQueue``, ValueError."""
        validate_policy(policy)
        queue_arn = await self._queues.admit(queue, await self._topics.arn(topic))
        await self._topics.subscribe(topic, queue_arn, policy)

    async def unsubscribe(self, topic: str, queue: str) -> None:
        """Stop deliveries from the topic to the queue; no error when there was none."""
        with suppress(UnknownQueue):
            queue_arn = (await self._queues.attributes(queue, "QueueArn"))["QueueArn"]
            await self._topics.unsubscribe(topic, queue_arn)

    async def subscriptions(self, topic: str) -> Subscriptions:
        """Who listens to the topic. Raises ``UnknownQueue``."""
        return await self._topics.subscriptions(topic)

    async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand messages to every matching queue; one answer per entry, in order. Raises ``UnknownQueue``."""
        return await self._topics.publish(topic, messages)

    async def send(self, queue: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Put messages on one queue; one answer per entry, in order. Raises ``UnknownQueue``."""
        return await self._queues.send(queue, messages)

    async def receive(self, queue: str, *, limit: int = 10, wait: float = 0.0) -> list[Received]:
        """Borrow up to ``limit`` messages, waiting up to ``wait`` seconds (rounded up) for the first.

        Raises ``UnknownQueue``.
        """
        return [_received(queue, raw) for raw in await self._queues.receive(queue, limit=limit, wait=wait)]

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """The messages are done with; a lost lease is no error."""
        for queue, receipts in _receipts(messages).items():
            await self._queues.delete(queue, receipts)

    async def release(self, message: Received, delay: float = 0.0) -> None:
        """Let the message be received again after ``delay`` seconds, rounded up."""
        await self._queues.hide(message.queue, [message.receipt], delay)

    async def extend(self, messages: Sequence[Received], seconds: float) -> None:
        """Keep the messages hidden for ``seconds`` from now, rounded up."""
        for queue, receipts in _receipts(messages).items():
            await self._queues.hide(queue, receipts, seconds)

    async def dead_letter(self, message: Received, reason: DeadReason, detail: str = "") -> None:
        """Move the message to the dead-letter queue with its reason; nothing when the lease is lost.

        A crash between sending and deleting leaves the message on both queues. Raises ``BusUnavailable`` when
        SQS refuses the copy; the message then stays on its queue.
        """
        if not await self._queues.hide(message.queue, [message.receipt], MOVE_SECONDS):
            return
        copy = Outgoing(message.message_id, message.body, _with_cause(message, reason, detail))
        [sent] = await self._queues.send(f"{message.queue}_dlq", [copy])
        if not sent.ok:
            raise BusUnavailable(f"the dead-letter queue of {message.queue} refused a message: {sent.error}")
        await self._queues.delete(message.queue, [message.receipt])

    async def dead(self, queue: str, limit: int = 100) -> list[Dead]:
        """Look at the queue's dead letters, oldest first; two who look at once see different ones.

        Raises ``UnknownQueue``.
        """
        borrowed = await self._borrow_dead(queue, limit, PEEK_SECONDS)
        await self._queues.hide(f"{queue}_dlq", [raw["ReceiptHandle"] for raw in borrowed], 0)
        return sorted((_dead(queue, raw) for raw in borrowed), key=lambda letter: letter.sent_at)

    async def redrive(self, queue: str, message_ids: Sequence[str] | None = None) -> int:
        """Move dead letters (all, or those named) back with a fresh receive count; how many moved."""

        async def move(letters: Sequence[MessageTypeDef]) -> int:
            sent = await self._queues.send(queue, [_revived(raw) for raw in letters])
            moved = {one.key for one in sent if one.ok}
            gone = [raw["ReceiptHandle"] for raw in letters if raw["MessageId"] in moved]
            left = [raw["ReceiptHandle"] for raw in letters if raw["MessageId"] not in moved]
            await self._queues.delete(f"{queue}_dlq", gone)
            await self._queues.hide(f"{queue}_dlq", left, 0)
            return len(gone)

        if message_ids is not None:
            return await move(await self._pick_dead(queue, message_ids))
        found, moved = sum(await self._queues.counts(f"{queue}_dlq")), 0
        while moved < found:
            letters = await self._borrow_dead(queue, min(found - moved, MOVE_BATCH), MOVE_SECONDS)
            if not letters or not (now := await move(letters)):
                break
            moved += now
        return moved

    async def drop_dead(self, queue: str, message_ids: Sequence[str]) -> int:
        """Delete dead letters; how many were there."""
        letters = await self._pick_dead(queue, message_ids)
        return await self._queues.delete(f"{queue}_dlq", [raw["ReceiptHandle"] for raw in letters])

    async def purge(self, queue: str) -> int:
        """Delete all messages of a queue or dead-letter queue, those on loan too; about how many were found.

        Raises ``UnknownQueue``; ``BusUnavailable`` within a minute of the last time, a limit of SQS.
        """
        found = sum(await self._queues.counts(queue))
        await self._queues.purge(queue)
        return found

    async def depth(self, queue: str) -> Depth:
        """About how many messages there are, and NaN for the age of the oldest. Raises ``UnknownQueue``."""
        visible, inflight = await self._queues.counts(queue)
        dead = 0 if queue.endswith("_dlq") else sum(await self._queues.counts(f"{queue}_dlq"))
        return Depth(visible, inflight, dead, math.nan if visible else 0.0)

    @property
    def _queues(self) -> Queues:
        return self._started.queues

    @property
    def _topics(self) -> Topics:
        return self._started.topics

    @property
    def _started(self) -> _Services:
        if self._services is None:
            raise BusUnavailable("the bus is not started")
        return self._services

    async def _borrow_dead(self, queue: str, limit: int, seconds: int) -> list[MessageTypeDef]:
        dlq = f"{queue}_dlq"
        visible, _ = await self._queues.counts(dlq)
        borrowed: dict[str, MessageTypeDef] = {}
        while (rest := min(limit, visible) - len(borrowed)) > 0:
            got = await self._queues.receive(dlq, limit=rest, wait=1, hidden=seconds)
            if all(raw["MessageId"] in borrowed for raw in got):
                break
            borrowed |= {raw["MessageId"]: raw for raw in got}
        return list(borrowed.values())

    async def _pick_dead(self, queue: str, message_ids: Sequence[str]) -> list[MessageTypeDef]:
        """Borrow the dead letters of these ids. SQS finds none by id: every one is borrowed for a moment."""
        visible, _ = await self._queues.counts(f"{queue}_dlq")
        borrowed, wanted = await self._borrow_dead(queue, visible, MOVE_SECONDS), frozenset(message_ids)
        others = [raw["ReceiptHandle"] for raw in borrowed if raw["MessageId"] not in wanted]
        await self._queues.hide(f"{queue}_dlq", others, 0)
        return [raw for raw in borrowed if raw["MessageId"] in wanted]


def _received(queue: str, raw: MessageTypeDef) -> Received:
    return Received(
        queue=queue,
        message_id=raw["MessageId"],
        receipt=raw["ReceiptHandle"],
        body=raw["Body"],
        attributes=_attributes(raw),
        receives=int(raw["Attributes"]["ApproximateReceiveCount"]),
        sent_at=_sent_at(raw),
    )


def _dead(queue: str, raw: MessageTypeDef) -> Dead:
    attributes = _attributes(raw)
    first_sent = attributes.pop(_SENT_AT, None)
    return Dead(
        queue=queue,
        message_id=raw["MessageId"],
        body=raw["Body"],
        reason=attributes.pop(_REASON, "exhausted"),
        detail=attributes.pop(_DETAIL, ""),
        sent_at=datetime.fromisoformat(first_sent) if first_sent else _sent_at(raw),
        attributes=attributes,
    )


def _revived(raw: MessageTypeDef) -> Outgoing:
    kept = {name: text for name, text in _own_attributes(raw).items() if name not in {_REASON, _DETAIL, _SENT_AT}}
    return Outgoing(raw["MessageId"], raw["Body"], kept)


def _with_cause(message: Received, reason: DeadReason, detail: str) -> dict[str, str]:
    """The message's own attributes and why it is dead: the reason always, the rest where there is room."""
    own = {} if _notification(message.body) else dict(message.attributes)
    cause = {_REASON: str(reason)}
    if Entry(0, message.body, own).size <= MAX_BODY_BYTES - 5 * MAX_DETAIL:
        cause |= {_SENT_AT: message.sent_at.isoformat(), _DETAIL: cleaned(detail[:MAX_DETAIL])}
    return dict([*cause.items(), *own.items()][:MAX_ATTRIBUTES])


def _attributes(raw: MessageTypeDef) -> dict[str, str]:
    wrapped = _notification(raw["Body"]).get("MessageAttributes")
    given = wrapped.items() if isinstance(wrapped, dict) else ()
    values = {name: one.get("Value") for name, one in given if isinstance(one, dict)}
    return _own_attributes(raw) | {name: text for name, text in values.items() if isinstance(text, str)}


def _own_attributes(raw: MessageTypeDef) -> dict[str, str]:
    given = raw.get("MessageAttributes", {})
    return {name: one["StringValue"] for name, one in given.items() if "StringValue" in one}


def _notification(body: str) -> dict[str, object]:
    """What SNS wrapped around a message; empty when nothing is wrapped."""
    if not body.lstrip().startswith("{"):
        return {}
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    wrapped = parsed.get("Type") == "Notification" and isinstance(parsed.get("Message"), str)
    return parsed if wrapped else {}


def _sent_at(raw: MessageTypeDef) -> datetime:
    return datetime.fromtimestamp(int(raw["Attributes"]["SentTimestamp"]) / 1000, UTC)


def _receipts(messages: Sequence[Received]) -> dict[str, list[str]]:
    receipts: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        receipts[message.queue].append(message.receipt)
    return receipts
