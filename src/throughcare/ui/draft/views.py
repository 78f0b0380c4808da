"""What is asked for at once to begin a referral."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import Unavailable
from throughcare.kit.http.peer import PeerError
from throughcare.ui.finder.views import offered
from throughcare.ui.peers.case import CasePerson, Cases
from throughcare.ui.peers.catalogue import Intervention
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.peers.referrals import Referrals, Summary


@dataclass(frozen=True)
class Candidate:
    """A person who may be referred to a service, and what was begun or sent for them before.

    ``open_referrals`` is None when they could not be looked for.
    """

    person: CasePerson
    intervention: Intervention
    drafts: Sequence[Written]
    open_referrals: Sequence[Summary] | None


async def find_person(ctx: Context, crn: str) -> CasePerson:
    """A person whose case the practitioner may see. Raises PeerRefused, Unavailable."""
    case = await ctx.peer(Cases, as_user=True).case(crn)
    if case.person is None:
        raise Unavailable("the case record is not answering")
    return case.person


async def candidate(ctx: Context, crn: str, intervention_id: UUID) -> Candidate:
    """A person before they are referred. Raises ContractClosed, PeerRefused, Unavailable."""
    intervention, person, drafts, sent = await asyncio.gather(
        offered(ctx, intervention_id), find_person(ctx, crn), ctx.peer(Drafts, as_user=True).mine(),
        _open_referrals(ctx, crn),
    )  # fmt: skip
    begun = [one for one in drafts if (one.service_user.crn, one.intervention_id) == (crn, intervention_id)]
    referrals = None if sent is None else [one for one in sent if one.intervention_title == intervention.title]
    return Candidate(person, intervention, begun, referrals)


async def _open_referrals(ctx: Context, crn: str) -> Sequence[Summary] | None:
    try:
        found = await ctx.peer(Referrals, as_user=True).search(crn)
    except PeerError:
        return None
    return [one for one in found.content if one.service_user.crn == crn and one.standing == "OPEN"]
