"""Probation: which cases exist, and under which identifiers."""

from __future__ import annotations

from urllib.parse import quote

from throughcare.kit.http.peer import Peer, PeerRefused
from throughcare.kit.web.schemas import Wire


class _Existence(Wire):
    exists_in_delius: bool = False


class _Identifiers(Wire):
    crn: str | None = None


class _OtherIds(Wire):
    crn: str | None = None
    noms_number: str | None = None


class FoundCase(Wire):
    """A case that a search found."""

    other_ids: _OtherIds = _OtherIds()
    active_probation_managed_sentence: bool = False


class ProbationPeer(Peer, service="probation"):
    """Questions about one person each; 404 and 409 mean that there is none. Raises PeerUnavailable, PeerRefused."""

    async def exists(self, crn: str) -> bool:
        """Whether probation has a case with this CRN."""
        try:
            found = await self.get(f"/exists-in-delius/crn/{quote(crn, safe='')}", _Existence, missing=None)
        except PeerRefused as error:
            if error.peer_status != 409:
                raise
            return False
        return found is not None and found.exists_in_delius

    async def crn_of(self, prison_number: str) -> str | None:
        """The CRN of the person with a prison number."""
        path = f"/identifier-converter/noms-to-crn/{quote(prison_number, safe='')}"
        try:
            found = await self.get(path, _Identifiers, missing=None)
        except PeerRefused as error:
            if error.peer_status != 409:
                raise
            return None
        return found.crn if found is not None else None

    async def case(self, *, crn: str | None = None, prison_number: str | None = None) -> FoundCase | None:
        """The case with a CRN or a prison number."""
        body = {"crn": crn} if crn is not None else {"nomsNumber": prison_number}
        found: list[FoundCase] | None = await self.post(
            "/search/probation-cases", list[FoundCase], json=body, safe=True, missing=None
        )
        return found[0] if found else None
