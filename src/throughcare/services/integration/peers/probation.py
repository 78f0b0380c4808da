"""Probation: which cases exist, under which identifiers, and which of them probation manages now."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

LONGEST = 100


class KnownCase(Wire):
    """A case, as far as it is used."""

    crn: str
    noms_number: str | None = None
    active_probation_managed_sentence: bool = False


class _KnownCases(Wire):
    cases: list[KnownCase]


class ProbationPeer(Peer, service="probation"):
    """Questions about many people at once. Raises PeerUnavailable, PeerRefused."""

    async def known_cases(self, crns: Sequence[str], prison_numbers: Sequence[str]) -> list[KnownCase]:
        """The cases under up to a thousand identifiers of either kind; what cannot be an identifier is nobody's."""
        body = {"crns": _fit(crns), "nomsNumbers": _fit(prison_numbers)}
        if not any(body.values()):
            return []
        found: _KnownCases = await self.post("/probation-cases/lookup", _KnownCases, json=body, safe=True)
        return found.cases


def _fit(identifiers: Sequence[str]) -> list[str]:
    return [one for one in identifiers if one.isprintable() and 0 < len(one) <= LONGEST]
