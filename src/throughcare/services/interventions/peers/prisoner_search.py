"""Where a person is held and when they may be released."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class Prisoner(Wire):
    """What the prison system says of a person's place and dates."""

    prison_id: str | None = None
    release_date: date | None = None
    confirmed_release_date: date | None = None
    non_dto_release_date: date | None = None
    automatic_release_date: date | None = None
    post_recall_release_date: date | None = None
    conditional_release_date: date | None = None
    actual_parole_date: date | None = None
    discharge_date: date | None = None


class PrisonerSearchPeer(Peer, service="prisoner_search"):
    """Prisoner search."""

    async def find(self, noms_number: str) -> Prisoner | None:
        """The prisoner with this number, or None."""
        return await self.get(f"/prisoner/{quote(noms_number)}", Prisoner, missing=None)
