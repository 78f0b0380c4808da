"""What the kit asks of a message bus. Two adapters keep it: ``pgmq`` on one machine, ``aws`` (SNS + SQS) beyond it.

Semantics, the same for both and proved by one conformance suite (``tests/conformance``):

* a topic hands each message to every queue that subscribes with a matching filter policy;
* a received message is hidden for the visibility time-out and comes back unless it is acknowledged;
* a message received more than ``max_receives`` times goes to the queue's dead-letter queue with reason ``exhausted``;
* acknowledging, releasing or extending with a receipt whose lease is lost does nothing;
* delivery is at least once and unordered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

DeadReason = Literal["exhausted", "permanent", "malformed", "attribute-mismatch"]

MAX_BODY_BYTES = 262_144


@dataclass(frozen=True)
class QueueSpec:
    """A queue and its dead-letter queue. Names: lower-case letters, digits and ``_``, at most 43 characters."""

    name: str
    max_receives: int = 5
    visibility: float = 30.0

    @property
    def dlq(self) -> str:
        """Name of the dead-letter queue."""
        return f"{self.name}_dlq"


@dataclass(frozen=True)
class Outgoing:
    """A message to be sent: ``key`` identifies it within its batch, ``body`` is text, attributes are strings."""

    key: str
    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What became of one entry of a batch: a message id, or the reason for which the bus refused it."""

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
    """A message on a dead-letter queue."""

    queue: str
    message_id: str
    body: str
    attributes: Mapping[str, str]
    reason: str
    sent_at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Depth:
    """Messages of one queue: waiting, on loan, dead, and the age in seconds of the oldest that waits."""

    visible: int
    inflight: int
    dead: int
    oldest_seconds: float


class Bus(Protocol):
    """A place where events wait for their readers."""

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

        Subscribing again replaces the policy.
        """

    async def unsubscribe(self, topic: str, queue: str) -> None:
        """Stop deliveries from the topic to the queue; no error when there was none."""

    async def publish(self, topic: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand messages to every matching queue; one answer per entry, in order. Refused entries do not stop others."""

    async def send(self, queue: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Put messages on one queue; one answer per entry, in order."""

    async def receive(self, queue: str, *, limit: int = 10, wait: float = 0.0) -> list[Received]:
        """Borrow up to ``limit`` messages, waiting up to ``wait`` seconds for the first."""

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """The messages are done with; a lost lease is no error."""

    async def release(self, message: Received, delay: float = 0.0) -> None:
        """Let the message be received again after ``delay`` seconds."""

    async def extend(self, messages: Sequence[Received], seconds: float) -> None:
        """Keep the messages hidden for ``seconds`` from now."""

    async def dead_letter(self, message: Received, reason: DeadReason, detail: str = "") -> None:
        """Move the message to the dead-letter queue with its reason."""

    async def dead(self, queue: str, limit: int = 100) -> list[Dead]:
        """Look at the queue's dead letters without moving them, oldest first."""

    async def redrive(self, queue: str, message_ids: Sequence[str] | None = None) -> int:
        """Move dead letters (all, or those named) back to the queue with a fresh receive count; how many moved."""

    async def drop_dead(self, queue: str, message_ids: Sequence[str]) -> int:
        """Delete dead letters; how many were there."""

    async def purge(self, queue: str) -> int:
        """Delete all waiting messages of a queue; how many were found."""

    async def depth(self, queue: str) -> Depth:
        """Counts of one queue. Raises ``UnknownQueue``."""


class BusUnavailable(Exception):
    """The bus cannot be reached; the operation may be tried again."""


class UnknownQueue(Exception):
    """There is no queue of that name."""
