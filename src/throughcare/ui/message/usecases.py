"""Sends messages again."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.ui.peers.messages import Messages

REFUSALS = {"MESSAGE_NOT_FAILED": "message-arrived", "MESSAGE_FORGOTTEN": "message-forgotten"}


async def send_again(ctx: Context, referral_id: UUID, message_id: UUID) -> str:
    """The notice of what became of it: a message that arrived or is forgotten cannot be sent again.

    Raises PeerRefused (403, 404), PeerUnavailable.
    """
    try:
        await ctx.peer(Messages, as_user=True).send_again(referral_id, message_id)
    except PeerRefused as refused:
        if refused.peer_code not in REFUSALS:
            raise
        return REFUSALS[refused.peer_code]
    return "message-sent-again"
