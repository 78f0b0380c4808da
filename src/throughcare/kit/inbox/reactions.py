"""How a feature declares what it does when something happened elsewhere."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from throughcare.kit.messaging.bus import QueueSpec
from throughcare.kit.messaging.envelope import DOMAIN_EVENTS, Envelope

if TYPE_CHECKING:
    from throughcare.kit.context import Context


class Retry(Exception):
    """Try again after ``after`` seconds; it counts as a delivery."""

    def __init__(self, message: str, *, after: float) -> None:
        self.after = after
        super().__init__(message)


class Reject(Exception):
    """This event can never be handled: it goes to the dead-letter queue at once, reason ``permanent``."""


def at(path: str, **options: Any) -> Any:
    """Where a reader model's field stands in the event, as a dotted path; default values as for a pydantic field."""
    return Field(json_schema_extra={"at": path}, **options)


class Reads(BaseModel):
    """What a reaction uses of an event. A field ``prison_id`` is read from ``additionalInformation.prisonId``.

    A subclass names the event types that it reads; unknown fields are no concern of its.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    types: ClassVar[tuple[str, ...]] = ()

    event_id: UUID
    event_type: str
    occurred_at: datetime
    noms: str | None
    crn: str | None

    def __init_subclass__(cls, **_: object) -> None:
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, types: Sequence[str] = (), **_: object) -> None:
        if types:
            cls.types = tuple(types)

    @classmethod
    def of(cls, envelope: Envelope) -> Self:
        """The fields of this reader in ``envelope``. Raises pydantic's ValidationError."""
        own: dict[str, object] = {
            "event_id": envelope.event_id,
            "event_type": envelope.event_type,
            "occurred_at": envelope.occurred_at,
            "noms": envelope.identifier("NOMS"),
            "crn": envelope.identifier("CRN"),
        }
        for name, path in _paths(cls).items():
            value = envelope.at(path)
            if value is not None:
                own[name] = value
        return cls.model_validate(own)


@cache
def _paths(reader: type[Reads]) -> dict[str, str]:
    found = {}
    for name, info in reader.model_fields.items():
        if name not in Reads.model_fields:
            extra = info.json_schema_extra
            path = extra.get("at") if isinstance(extra, dict) else None
            found[name] = str(path or f"additionalInformation.{to_camel(name)}")
    return found


R = TypeVar("R", bound=Reads)
Handler = Callable[[Any, "Context"], Awaitable[None]]


@dataclass(frozen=True)
class Reaction:
    """A declared reaction: who handles which types, one at a time or up to ``batch`` together."""

    name: str
    reads: type[Reads]
    handler: Handler
    batch: int = 1
    order_by: str | None = None


def reaction(reads: type[R], *, order_by: str | None = None) -> Callable[[Handler], Reaction]:
    """Declare ``async def on_…(event, ctx)``. Events with the same ``order_by`` value are handled one after another.

    The handler opens ``ctx.uow`` at most once; the inbox row joins that transaction.
    """

    def declare(handler: Handler) -> Reaction:
        return Reaction(_name(handler), reads, handler, order_by=order_by)

    return declare


def batch_reaction(reads: type[R], *, limit: int) -> Callable[[Handler], Reaction]:
    """Declare ``async def on_…(events: list, ctx)`` for up to ``limit`` events in one transaction.

    Inside ``ctx.uow`` only events whose id is in ``ctx.uow.fresh`` may have an effect. An event that fails alone is
    left out with ``ctx.leave_out``. When the handler raises, the events are handled one by one, so that one bad event
    does not take the others with it.
    """

    def declare(handler: Handler) -> Reaction:
        return Reaction(_name(handler), reads, handler, batch=limit)

    return declare


def _name(handler: Handler) -> str:
    if not inspect.iscoroutinefunction(handler) or not handler.__name__.startswith("on_"):
        raise TypeError(f"a reaction is an async function named on_…, not {handler!r}")
    return handler.__name__


@dataclass(frozen=True)
class Subscription:
    """A service's queue on a topic: its reactions, and how failures are retried.

    ``delays`` are seconds before the 2nd, 3rd … delivery, the last one repeating; ``event_delays`` overrides per type.
    With ``body_decides`` the event's own ``eventType`` counts, whatever the message's attribute says.
    """

    queue: QueueSpec
    reactions: Sequence[Reaction]
    topic: str = DOMAIN_EVENTS
    delays: Sequence[float] = (0, 5, 30, 300)
    event_delays: Mapping[str, Sequence[float]] = field(default_factory=dict)
    concurrency: int = 8
    body_decides: bool = False

    @property
    def policy(self) -> dict[str, list[object]]:
        """The filter policy that the reactions need."""
        return {"eventType": [*sorted({kind for one in self.reactions for kind in one.reads.types})]}

    def delay(self, event_type: str, receives: int) -> float:
        """Seconds to wait after the failure of delivery number ``receives``; 0 when it was the last."""
        if receives >= self.queue.max_receives:
            return 0.0
        delays = self.event_delays.get(event_type, self.delays)
        return min(43_200.0, float(delays[min(receives, len(delays)) - 1])) if delays else 0.0


def subscription(service: str, reactions: Sequence[Reaction], **options: Any) -> Subscription:
    """The usual subscription of a service: queue ``<service>_domain_events``, five deliveries, 30 s visibility."""
    return Subscription(QueueSpec(f"{service}_domain_events"), tuple(reactions), **options)
