"""A notification: which endpoint's data changed, for whom, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

MAX_SOURCES = 20


@dataclass(frozen=True)
class Notification:
    """A change to be told. ``path`` begins with ``/``; ``sources`` are the domain events behind it."""

    hmpps_id: str | None
    event_type: str
    path: str
    prison_id: str | None
    supervision_status: str
    sources: tuple[UUID, ...]

    @property
    def key(self) -> tuple[str, str, str | None, str]:
        """What makes two changes one notification: the endpoint, and everything that consumers filter on."""
        return self.path, self.event_type, self.prison_id, self.supervision_status


@dataclass(frozen=True)
class Refusal:
    """A type of notification that a domain event should have led to and could not, and why."""

    source: UUID
    domain_event: str
    event_type: str
    reason: str


def coalesce(notifications: Iterable[Notification]) -> list[Notification]:
    """One notification for each key, in order of first appearance, with the sources of all."""
    merged: dict[tuple[str, str, str | None, str], Notification] = {}
    for one in notifications:
        held = merged.get(one.key)
        if held is None:
            merged[one.key] = one
        else:
            sources = tuple(dict.fromkeys((*held.sources, *one.sources)))
            merged[one.key] = replace(held, sources=sources[:MAX_SOURCES])
    return list(merged.values())
