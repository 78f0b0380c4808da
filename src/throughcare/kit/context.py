"""What a route, a reaction or a job is given: who asks, a unit of work, views, peers and the time."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import Clock
from throughcare.kit.db.database import Queries
from throughcare.kit.db.unit_of_work import InboxEntry, UnitOfWork
from throughcare.kit.messaging.bus import Bus
from throughcare.kit.settings import Secrets, ServiceSettings

if TYPE_CHECKING:
    from throughcare.kit.http.peer import Peer
    from throughcare.kit.runtime import Runtime

Q = TypeVar("Q", bound=Queries)
P = TypeVar("P", bound="Peer")
T = TypeVar("T", bound=ServiceSettings)


@dataclass
class Context:
    """One piece of work: a request, a message or a tick. ``read`` is what it read once and need not read again."""

    runtime: Runtime
    user: Principal
    inbox: InboxEntry | None = None
    uow: UnitOfWork = field(init=False)
    read: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.uow = self.new_uow(self.inbox)

    def new_uow(self, inbox: InboxEntry | None = None) -> UnitOfWork:
        """A further transaction, for work that needs more than one; never inside another."""
        return UnitOfWork(self.runtime.database, self.runtime.clock, self.runtime.producer, inbox)

    def leave_out(self, event_id: UUID, error: Exception) -> None:
        """One event of a batch cannot be handled: it has no effect here, and is retried, or rejected, by itself.

        Say so before ``uow`` begins. Raises RuntimeError when no reaction is under way.
        """
        if self.inbox is None or self.uow.used:
            raise RuntimeError("an event can be left out only of a batch, before its transaction begins")
        self.inbox.failed[event_id] = error

    @property
    def now(self) -> datetime:
        """The business time in UTC."""
        return self.runtime.clock.now()

    @property
    def clock(self) -> Clock:
        """The business clock."""
        return self.runtime.clock

    @property
    def bus(self) -> Bus:
        """The message bus, for the rare feature that sends to queues itself."""
        return self.runtime.bus

    @property
    def secrets(self) -> Secrets:
        """Secrets of this system, each derived for a purpose."""
        return self.runtime.topology.secrets

    def reading(self, views: type[Q]) -> AbstractAsyncContextManager[Q]:
        """Views outside a transaction: ``async with ctx.reading(ReferralViews) as views``."""
        return self.runtime.database.reading(views)

    def peer(self, kind: type[P], *, as_user: bool = False) -> P:
        """A client of another service, with this service's own token or the caller's."""
        return self.runtime.gateway.peer(kind, self.user if as_user else None)

    def settings(self, kind: type[T]) -> T:
        """The service's settings, as the class that it declared."""
        settings = self.runtime.settings
        if not isinstance(settings, kind):
            raise TypeError(f"{self.runtime.name} has no {kind.__name__}")
        return settings
