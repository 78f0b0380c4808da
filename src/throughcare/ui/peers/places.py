"""Places that forms offer: probation offices, probation delivery units and prisons. Each list is kept for a while."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.kept import kept


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
        return await kept("offices", lambda: self._places("/office-locations"))

    async def delivery_units(self) -> Sequence[Place]:
        """Every probation delivery unit, by name."""
        return await kept("delivery units", lambda: self._places("/probation-delivery-units"))

    async def _places(self, path: str) -> Sequence[Place]:
        return sorted(await self.get(path, list[Place]), key=lambda one: one.description)


class Prisons(Peer, service="prison", timeout=5.0):
    """The part of the prison service that lists prisons."""

    async def prisons(self) -> Sequence[Prison]:
        """Every open prison, by name. Raises PeerUnavailable."""
        return await kept("prisons", self._prisons)

    async def _prisons(self) -> Sequence[Prison]:
        return sorted(await self.get("/api/agencies/prisons", list[Prison]), key=lambda one: one.description)


def office_choices(offices: Sequence[Place]) -> list[tuple[str, str]]:
    """Offices, or delivery units, as a list to choose from: a referral knows them by name."""
    return [(name, name) for name in sorted({one.description for one in offices})]


def prison_choices(prisons: Sequence[Prison]) -> list[tuple[str, str]]:
    """Prisons as a list to choose from, by agency id."""
    return [(one.agency_id, one.description) for one in prisons]
