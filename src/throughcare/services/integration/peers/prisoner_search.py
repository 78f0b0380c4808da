"""Prisoner search: where a prisoner is."""

from __future__ import annotations

from urllib.parse import quote

from throughcare.kit.http.peer import Peer, PeerRefused
from throughcare.kit.web.schemas import Wire


class FoundPrisoner(Wire):
    """A record of the index, as far as it is used."""

    prison_id: str | None = None
    last_prison_id: str | None = None
    status: str | None = None


class PrisonerSearchPeer(Peer, service="prisoner_search"):
    """Questions about one prisoner each. Raises PeerUnavailable, PeerRefused."""

    async def prisoner(self, prison_number: str) -> FoundPrisoner | None:
        """The record of a prison number, or None."""
        try:
            return await self.get(f"/prisoner/{quote(prison_number, safe='')}", FoundPrisoner, missing=None)
        except PeerRefused as error:
            if error.peer_status != 409:
                raise
            return None
