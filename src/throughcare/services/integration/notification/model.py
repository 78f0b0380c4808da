"""A notification: which endpoint's data changed, for whom, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

MAX_SOURCES = 20


@dataclass(frozen=True)
class Notification:
    """What one change leads to. ``path`` begins with ``/``; ``sources`` are the domain events behind it."""

    hmpps_id: str | None
    event_type: str
    path: str
    prison_id: str | None
    supervision_status: str
    sources: tuple[UUID, ...]


@dataclass(frozen=True)
class Refusal:
    """A type of notification that a domain event should have led to and could not, and why."""

    source: UUID
    domain_event: str
    event_type: str
    reason: str


class Audience(NamedTuple):
    """Where and in what status somebody was when an endpoint's data changed: what consumers may be limited to."""

    prison_id: str | None
    supervision_status: str
    hmpps_id: str | None


Held = Mapping[str, str | None]
"""Audiences as they are stored: ``prison/status``, and the identifier of the last person there."""


def held(one: Notification) -> dict[str, str | None]:
    """The audience of a single change, in the form in which it is stored."""
    return {f"{one.prison_id or ''}/{one.supervision_status}": one.hmpps_id}


def audiences(stored: Held) -> Iterator[Audience]:
    """The audiences that are held."""
    for key, hmpps_id in stored.items():
        prison_id, _, status = key.rpartition("/")
        yield Audience(prison_id or None, status, hmpps_id)


@dataclass
class Pending:
    """What is told once however often it changes meanwhile: one endpoint and type, for everybody concerned.

    ``latest`` is the newest change; ``concerned`` holds every audience, so that nobody whose prison or status differs
    from the newest is passed over.
    """

    latest: Notification
    concerned: dict[str, str | None]
    sources: list[UUID] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """What makes two changes one notification."""
        return self.latest.path, self.latest.event_type


def coalesce(notifications: Iterable[Notification]) -> list[Pending]:
    """One pending notification for each endpoint and type, in the order of their keys."""
    merged: dict[tuple[str, str], Pending] = {}
    for one in notifications:
        found = merged.get((one.path, one.event_type))
        if found is None:
            merged[one.path, one.event_type] = Pending(one, held(one), list(one.sources))
        else:
            found.latest = one
            found.concerned |= held(one)
            found.sources += [source for source in one.sources if source not in found.sources]
    return [merged[key] for key in sorted(merged)]
