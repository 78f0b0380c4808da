"""Looks a person up in the prison system."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerError
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.peers.prisoner_search import PrisonerSearchPeer
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.prisoner.schemas import PrisonerDetails

log = get_logger(__name__)


async def find_prisoner(ctx: Context, crn: str) -> PrisonerDetails | None:
    """Place and dates of a person; None when there are none, or they are not to be had just now.

    A practitioner types them in then, so a look-up that fails must not stop the page.
    """
    try:
        noms_number = await ctx.peer(ProbationPeer).noms_number(crn)
        found = await ctx.peer(PrisonerSearchPeer).find(noms_number) if noms_number else None
    except PeerError as error:
        log.warning("a prisoner is not to be looked up just now", labels={"error": error.code})
        return None
    if found is None or noms_number is None:
        return None
    return PrisonerDetails(prisoner_number=noms_number, **found.model_dump())
