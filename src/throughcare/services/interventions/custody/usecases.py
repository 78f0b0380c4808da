"""Asks the prison system about a referred person in custody."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.custody.model import (
    NOMS_FAILED,
    NOMS_NOT_FOUND,
    PRISONER_NOT_FOUND,
    SEARCH_FAILED,
    Lookup,
    NomisLocation,
    compare,
    is_in_custody,
)
from throughcare.services.interventions.custody.store import CustodyStore
from throughcare.services.interventions.draft.model import Location
from throughcare.services.interventions.measures import custody_lookups_total
from throughcare.services.interventions.peers.prisoner_search import PrisonerSearchPeer
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.referral.store import ReferralStore

log = get_logger(__name__)


async def look_up_custody(ctx: Context, referral_id: UUID) -> None:
    """Keep what the prison system says of the person, for a referral that was written for somebody in
    custody.

    Raises NotThere, and PeerUnavailable when it should be tried again.
    """
    async with ctx.reading(ReferralStore) as store:
        referral = await store.get(referral_id)
    if not is_in_custody(referral.location):
        return
    lookup = await _look_up(ctx, referral.crn, referral.location)
    log.info("custody location looked up", referral_id=referral_id, outcome=lookup.result)
    async with ctx.uow as uow:
        await uow.store(CustodyStore).put(referral_id, lookup, uow.now)
        uow.after_commit(custody_lookups_total.labels(lookup.result).inc)


async def _look_up(ctx: Context, crn: str, written: Location) -> Lookup:
    try:
        noms_number = await ctx.peer(ProbationPeer).noms_number(crn)
    except PeerRefused:
        return Lookup(NOMS_FAILED)
    if noms_number is None:
        return Lookup(NOMS_NOT_FOUND)
    try:
        prisoner = await ctx.peer(PrisonerSearchPeer).find(noms_number)
    except PeerRefused:
        return Lookup(SEARCH_FAILED)
    if prisoner is None:
        return Lookup(PRISONER_NOT_FOUND)
    found = {f"nomis_{name}": value for name, value in vars(prisoner).items()}
    return compare(written, NomisLocation(**found))
