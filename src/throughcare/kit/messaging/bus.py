"""What the kit asks of a message bus. Two adapters: ``pgmq`` on one machine, ``aws`` (SNS + SQS) beyond it.

Semantics, the same for both and proved by one conformance suite (``tests/conformance``):

* a topic hands each message to every queue that subscribes with a matching filter policy;
* a received message is hidden for the visibility time-out and comes back unless it is acknowledged;
* a message received more than ``max_receives`` times goes to the dead-letter queue with reason ``exhausted``;
* acknowledging, releasing, extending or dead-lettering with a receipt whose lease is lost does nothing;
* delivery is at least once and unordered.

Every operation raises ``BusUnavailable`` while the bus cannot be reached, and works again once it can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

DeadReason = Literal["exhausted", "permanent", "malformed", "attribute-mismatch"]

MAX_BODY_BYTES = 262_144
MAX_ATTRIBUTES = 10
MAX_DETAIL = 1_000

_QUEUE_NAME = re.compile(r"[a-z0-9_]{1,43}")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,256}")


@dataclass(frozen=True)
class QueueSpec:
    """A queue and its dead-letter queue. Names: lower-case letters, digits and ``_``, at most 43 characters.

    ``visibility`` is in seconds, up to twelve hours; SQS rounds it up to whole seconds. Raises ValueError.
    """

    name: str
    max_receives: int = 5
    visibility: float = 30.0

    def __post_init__(self) -> None:
        if not _QUEUE_NAME.fullmatch(self.name) or self.name.endswith("_dlq"):
            raise ValueError(f"{self.name!r} is not the name of a queue")
        if self.max_receives < 1 or not 0 < self.visibility <= 43_200:
            raise ValueError(
                f"{self.name}: max_receives must be 1 or more, visibility above 0 and at most 43,200 seconds"
            )

    @property
    def dlq(self) -> str:
        """Name of the dead-letter queue."""
        return f"{self.name}_dlq"


@dataclass(frozen=True)
class Outgoing:
    """A message to be sent: ``key`` identifies it within its batch, ``body`` is text, attributes are strings.

    At most 10 attributes; one with an empty value is not carried.
    """

    key: str
    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def refusal(message: Outgoing) -> str | None:
    """Why no bus takes ``message``, or None. The limits are SQS's: 1 to 262,144 bytes, 10 attributes."""
    try:
        size = len(message.body.encode())
        for value in message.attributes.values():
            value.encode()
    except UnicodeEncodeError:
        return "the message is not valid Unicode text"
    if not 1 <= size <= MAX_BODY_BYTES:
        return f"the body has {size} bytes, not 1 to {MAX_BODY_BYTES}"
    if "\0" in message.body or any("\0" in value for value in message.attributes.values()):
        return "the message holds a NUL character"
    if len(message.attributes) > MAX_ATTRIBUTES:
        return f"the message has more than {MAX_ATTRIBUTES} attributes"
    if not all(_ATTRIBUTE_NAME.fullmatch(name) for name in message.attributes):
        return "an attribute's name holds characters other than letters, digits, '_', '-' and '.'"
    return None


@dataclass(frozen=True)
class Sent:
    """What became of one entry of a batch: a message id, or the reason for which the bus refused it.

    A published entry that no queue subscribes to is taken, without a message id on some buses.
    """

    key: str
    message_id: str | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the bus holds the message."""
        return self.error is None


@dataclass(frozen=True)
class Received:
    """A message on loan: ``receipt`` proves the lease, ``receives`` counts deliveries, the first being 1."""

    queue: str
    message_id: str
    receipt: str
    body: str
    attributes: Mapping[str, str]
    receives: int
    sent_at: datetime


@dataclass(frozen=True)
class Dead:
    """A dead letter: ``message_id`` is its id on that queue, ``sent_at`` when it was first sent."""

    queue: str
    message_id: str
    body: str
    attributes: Mapping[str, str]
    reason: str
    sent_at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Subscriptions:
    """How many queues subscribe to a topic, and how many more have been asked to and not confirmed it yet."""

    confirmed: int
    pending: int = 0


@dataclass(frozen=True)
class Depth:
    """Messages of one queue: waiting, on loan, dead, and the age in seconds of the oldest that waits.

    The age is NaN where messages wait and the bus cannot tell it: SQS tells its age to CloudWatch alone.
    """

    visible: int
    inflight: int
    dead: int
    oldest_seconds: float


class Bus(Protocol):
    """A place where events wait for their readers.

    ``topic_system`` and ``queue_system`` are what OpenTelemetry's conventions call the carriers (``messaging.system``).
    """

    topic_system: str
    queue_system: str

    async def start(self) -> None:
        """Connect. Raises ``BusUnavailable`` when the bus cannot be reached."""

    async def close(self) -> None:
        """Give everything back; safe to call twice."""

    async def create_queue(self, spec: QueueSpec) -> None:
        """Make the queue and its dead-letter queue if they are not there; apply the limits of ``spec``."""

    async def create_topic(self, topic: str) -> None:
        """Make the topic if it is not there."""

    async def subscribe(self, topic: str, queue: str, policy: Mapping[str, Sequence[object]]) -> None:
        """Let ``queue`` receive what matches ``policy`` (SNS filter policy on attributes; see ``filters``).

        Subscribing again replaces the policy; other processes publish by it a second later at most (SNS says
        up to 15 minutes). Raises ``UnknownQueue`` for an unknown topic or queue, ValueError for a bad policy.
        """

    async def unsubscribe(self, topic: str, queue: str) -> None:
        """Stop deliveries from the topic to the queue; no error when there was none."""

    async def subscriptions(self, topic: str) -> Subscriptions:
        """Who listens to the topic, as of a second ago. Raises ``UnknownQueue`` when there is no such topic."""

    async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand messages to every matching queue; one answer per entry, in order.

        Refused entries do not stop others. Raises ``UnknownQueue`` when there is no such topic.
        After ``BusUnavailable`` some may have been sent.
        """

    async def send(self, queue: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Put messages on one queue; one answer per entry, in order."""

    async def receive(self, queue: str, *, limit: int = 10, wait: float = 0.0) -> list[Received]:
        """Borrow up to ``limit`` messages, waiting up to ``wait`` seconds for the first.

        Raises ``UnknownQueue``.
        """

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """The messages are done with; a lost lease is no error."""

    async def release(self, message: Received, delay: float = 0.0) -> None:
        """Let the message be received again after ``delay`` seconds."""

    async def extend(self, messages: Sequence[Received], seconds: float) -> None:
        """Keep the messages hidden for ``seconds`` from now."""

    async def dead_letter(self, message: Received, reason: DeadReason, detail: str = "") -> None:
        """Move the message to the dead-letter queue with its reason and up to 1,000 characters of detail."""

    async def dead(self, queue: str, limit: int = 100) -> list[Dead]:
        """Look at the queue's dead letters without moving them, oldest first. Raises ``UnknownQueue``."""

    async def redrive(self, queue: str, message_ids: Sequence[str] | None = None) -> int:
        """Move dead letters (all, or those named) back with a fresh receive count; how many moved."""

    async def drop_dead(self, queue: str, message_ids: Sequence[str]) -> int:
        """Delete dead letters; how many were there."""

    async def purge(self, queue: str) -> int:
        """Delete all messages of a queue or dead-letter queue, those on loan too; how many were found.

        Raises ``UnknownQueue``.
        """

    async def depth(self, queue: str) -> Depth:
        """Counts of one queue or dead-letter queue. Raises ``UnknownQueue``."""


class BusUnavailable(Exception):
    """The bus cannot be reached; the operation may be tried again."""


class UnknownQueue(Exception):
    """There is no queue, or no topic, of that name."""
