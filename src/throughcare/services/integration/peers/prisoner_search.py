"""Prisoner search: where prisoners are."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

LONGEST = 10
FIELDS = "prisonerNumber,prisonId,lastPrisonId,status"


class FoundPrisoner(Wire):
    """A record of the index, as far as it is used."""

    prisoner_number: str
    prison_id: str | None = None
    last_prison_id: str | None = None
    status: str | None = None


class PrisonerSearchPeer(Peer, service="prisoner_search"):
    """Questions about many prisoners at once. Raises PeerUnavailable, PeerRefused."""

    async def prisoners(self, prison_numbers: Sequence[str]) -> list[FoundPrisoner]:
        """The records of up to a thousand prison numbers; what cannot be a prison number is nobody's."""
        fit = [one for one in prison_numbers if one.isprintable() and 0 < len(one) <= LONGEST]
        if not fit:
            return []
        found: list[FoundPrisoner] = await self.post(
            "/prisoner-search/prisoner-numbers", list[FoundPrisoner], json={"prisonerNumbers": fit},
            params={"responseFields": FIELDS}, safe=True,
        )  # fmt: skip
        return found
