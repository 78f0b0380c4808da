"""The interventions service, asked whether a provider's user may see a referral."""

from __future__ import annotations

from urllib.parse import quote

from throughcare.kit.http.peer import Peer, PeerRefused
from throughcare.kit.web.schemas import Wire


class _Referral(Wire):
    id: str


class ReferralPeer(Peer, service="interventions"):
    """Asks with the token of the user."""

    async def may_see(self, referral_id: str) -> bool:
        """Whether the user may see the referral; False also when there is none."""
        try:
            path = f"/sent-referral/{quote(referral_id, safe='')}"
            return await self.get(path, _Referral, missing=None) is not None
        except PeerRefused as refused:
            if refused.peer_status in {400, 403}:
                return False
            raise
