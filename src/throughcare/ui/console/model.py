"""How the system is, service by service, and what a person should do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from throughcare.kit.web.wording import age, counted
from throughcare.ui.peers.operations import DeadLetter, Health, Outbox, Queue

LATE_OUTBOX_SECONDS = 5 * 60
LATE_QUEUE_SECONDS = 30 * 60


@dataclass
class ServiceState:
    """One service, with what could be learnt of it; ``missing`` names the parts that did not answer."""

    name: str
    path: str
    health: Health | None = None
    outbox: Outbox | None = None
    queues: list[Queue] = field(default_factory=list)
    dead: list[tuple[Queue, DeadLetter]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Up, Down, or No answer."""
        if self.health is None:
            return "No answer"
        return "Up" if self.health.status == "UP" else "Down"

    @property
    def broken(self) -> list[str]:
        """The components that are down."""
        parts = self.health.components.items() if self.health else ()
        return [name for name, part in parts if part.status != "UP"]


@dataclass(frozen=True)
class Problem:
    """Something to see to: what it is, what to do, the command that does it or looks closer, where it is shown."""

    what: str
    advice: str
    command: str
    anchor: str


def late(queue: Queue) -> bool:
    """Whether a queue's oldest message has waited for more than half an hour."""
    return queue.oldest_seconds is not None and queue.oldest_seconds > LATE_QUEUE_SECONDS


def lagging(outbox: Outbox | None) -> bool:
    """Whether an outbox's oldest event has waited for more than five minutes."""
    return outbox is not None and outbox.oldest_seconds > LATE_OUTBOX_SECONDS


def problems(services: Sequence[ServiceState]) -> list[Problem]:
    """What needs a person, the most pressing first: services, outboxes, dead letters, queues."""
    found: list[Problem] = []
    for rule in (_unwell, _unpublished, _given_up, _dead, _waiting, _unknown):
        for one in services:
            found += rule(one)
    return found


def _unwell(one: ServiceState) -> list[Problem]:
    if one.health is None:
        return [Problem(f"{one.name} does not answer.", "See whether it runs", "throughcare doctor", "services")]
    if one.status == "Down":
        what = f"{one.name} is down: {', '.join(one.broken) or 'it does not say why'}."
        return [Problem(what, "See what it needs", "throughcare doctor", "services")]
    return []


def _unpublished(one: ServiceState) -> list[Problem]:
    if one.outbox is None or not lagging(one.outbox):
        return []
    waiting = counted(one.outbox.pending, "event")
    what = f"{waiting} of {one.name} not published, the oldest for {age(one.outbox.oldest_seconds)}."
    return [Problem(what, "See whether its worker and the bus run", "throughcare doctor", "services")]


def _given_up(one: ServiceState) -> list[Problem]:
    if one.outbox is None or not one.outbox.dead:
        return []
    what = f"{counted(one.outbox.dead, 'event')} of {one.name} given up after too many attempts to publish."
    return [Problem(what, "When the bus is well, publish again from the table of services", "", "services")]


def _dead(one: ServiceState) -> list[Problem]:
    return [
        Problem(
            f"{counted(queue.dead, 'dead letter')} of {queue.queue_name}"
            f"{f', {queue.parked:,} parked' if queue.parked else ''}.",
            "Mend the cause, then send back", f"throughcare dlq retry {queue.queue_name}", "dead-letters",
        )
        for queue in one.queues
        if queue.dead
    ]  # fmt: skip


def _waiting(one: ServiceState) -> list[Problem]:
    return [
        Problem(
            f"{counted(queue.messages, 'message')} waiting on {queue.queue_name}, "
            f"the oldest for {age(queue.oldest_seconds)}.",
            f"See whether the worker of {one.name} runs", f"throughcare work {one.name}", "queues",
        )
        for queue in one.queues
        if late(queue)
    ]  # fmt: skip


def _unknown(one: ServiceState) -> list[Problem]:
    if one.health is None or not one.missing:
        return []
    what = f"{one.name} does not tell of its {', '.join(one.missing)}."
    return [Problem(what, "Reload this page; if it stays so, look closer", "throughcare doctor", "services")]
