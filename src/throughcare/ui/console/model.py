"""What the console's overview shows of one service."""

from __future__ import annotations

from dataclasses import dataclass, field

from throughcare.ui.peers.operations import DeadLetter, Event, Health, Outbox, Queue


@dataclass
class ServiceState:
    """One service, with what could be learnt of it; ``missing`` names the parts that did not answer."""

    name: str
    path: str
    health: Health | None = None
    outbox: Outbox | None = None
    queues: list[Queue] = field(default_factory=list)
    dead: list[tuple[Queue, DeadLetter]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """UP, DOWN, or NO ANSWER."""
        return self.health.status if self.health else "NO ANSWER"

    @property
    def broken(self) -> list[str]:
        """The components that are down."""
        parts = self.health.components.items() if self.health else ()
        return [name for name, part in parts if part.status != "UP"]
