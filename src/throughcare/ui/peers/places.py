"""Places that forms offer: probation offices, probation delivery units and prisons. Each list is kept for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from throughcare.kit.clock import real_now
from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

T = TypeVar("T")
KEPT_FOR = timedelta(minutes=10)
_kept: dict[str, tuple[datetime, Sequence[object]]] = {}


class Place(Wire):
    """An office or a delivery unit."""

    code: str
    description: str


class Prison(Wire):
    """A prison by its agency id."""

    agency_id: str
    description: str


class Places(Peer, service="probation", timeout=5.0):
    """The part of the probation service that lists places. Every call may raise PeerUnavailable."""

    async def offices(self) -> Sequence[Place]:
        """Every probation office, by name."""
        return await _once("offices", lambda: self.get("/office-locations", list[Place]))

    async def delivery_units(self) -> Sequence[Place]:
        """Every probation delivery unit, by name."""
        return await _once("delivery units", lambda: self.get("/probation-delivery-units", list[Place]))


class Prisons(Peer, service="prison", timeout=5.0):
    """The part of the prison service that lists prisons."""

    async def prisons(self) -> Sequence[Prison]:
        """Every open prison, by name. Raises PeerUnavailable."""
        return await _once("prisons", lambda: self.get("/api/agencies/prisons", list[Prison]))


def office_choices(offices: Sequence[Place]) -> list[tuple[str, str]]:
    """Offices, or delivery units, as a list to choose from: a referral knows them by name."""
    return [(name, name) for name in sorted({one.description for one in offices})]


def prison_choices(prisons: Sequence[Prison]) -> list[tuple[str, str]]:
    """Prisons as a list to choose from, by agency id."""
    return [(one.agency_id, one.description) for one in prisons]


def forget_places() -> None:
    """Ask anew next time."""
    _kept.clear()


async def _once(name: str, ask: Callable[[], Awaitable[Sequence[T]]]) -> Sequence[T]:
    """What was answered a short while ago to anybody: places are the same for all, and for every caller."""
    held = _kept.get(name)
    if held is None or real_now() - held[0] > KEPT_FOR:
        found = sorted(await ask(), key=lambda one: str(getattr(one, "description", "")))
        held = _kept[name] = (real_now(), found)
    return held[1]  # type: ignore[return-value]  # one name, one kind
