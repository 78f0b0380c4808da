"""The index follows what prison announces."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, reaction
from throughcare.services.prisoner_search.identity.model import prisoner_number
from throughcare.services.prisoner_search.index import usecases
from throughcare.services.prisoner_search.peers.prison import PrisonPeer


class PrisonerChanged(
    Reads,
    types=[
        "prison.person.created", "prison.identifier.added", "prison.alias.added", "prison.booking.opened",
        "prison.booking.closed", "prison.movement.recorded", "person.alerts.changed",
    ],
):  # fmt: skip
    """Whom the event is about; what happened is read from prison."""


@reaction(PrisonerChanged, order_by="noms")
async def on_prisoner_changed(event: PrisonerChanged, ctx: Context) -> None:
    """Bring the index to what prison says now."""
    if event.noms is None or prisoner_number(event.noms) != event.noms:
        raise Reject("the event names no prisoner")
    found = await ctx.peer(PrisonPeer).search_details(event.noms)
    await usecases.index_prisoner(ctx.uow, event.noms, found)
