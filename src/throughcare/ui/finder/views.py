"""Asks for services that people can be referred to."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.ui.finder.model import ContractClosed
from throughcare.ui.peers.catalogue import Catalogue, Intervention


async def offered(ctx: Context, intervention_id: UUID) -> Intervention:
    """A service that takes referrals now. Raises ContractClosed, PeerRefused."""
    peer = ctx.peer(Catalogue, as_user=True)
    try:
        return await peer.intervention(intervention_id, open_only=True)
    except PeerRefused as refused:
        if refused.peer_code != "INTERVENTION_CLOSED":
            raise
        raise ContractClosed(await peer.intervention(intervention_id)) from None
