"""The probation case record, asked who may see a case."""

from __future__ import annotations

from urllib.parse import quote

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class CaseAccess(Wire):
    """Whether one user may see one case."""

    crn: str
    user_excluded: bool
    user_restricted: bool
    exclusion_message: str | None = None
    restriction_message: str | None = None


class _UserAccess(Wire):
    access: list[CaseAccess]


class ProbationPeer(Peer, service="probation"):
    """Asks about access."""

    async def access(self, username: str, crn: str) -> CaseAccess | None:
        """What keeps ``username`` from the case, or None when there is no such case."""
        path = f"/users/{quote(username, safe='')}/access"
        answer: _UserAccess = await self.post(path, _UserAccess, json=[crn], safe=True)
        return next((one for one in answer.access if one.crn == crn), None)
