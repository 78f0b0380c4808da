"""Whose referrals a list holds: the reach of each side, asked of the systems that know it."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerUnavailable
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.access.model import PEOPLE, check_kind
from throughcare.services.interventions.access.usecases import case_answers, provider_scope
from throughcare.services.interventions.actor.model import Kind, actor_of, kind_of
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.overview.model import Reach
from throughcare.services.interventions.overview.views import OverviewViews
from throughcare.services.interventions.peers.probation import ProbationPeer

log = get_logger(__name__)


async def find_reach(ctx: Context) -> Reach:
    """The caller's reach: a provider's contracts, or the cases that a practitioner wrote referrals for or
    manages.

    Cases that the record keeps from the practitioner are left out. Raises AccessRefused, AccessDenied,
    PeerUnavailable.
    """
    kind = kind_of(ctx.user)
    check_kind(kind, PEOPLE)
    if kind is Kind.PROVIDER:
        scope = await provider_scope(ctx)
        catalogue = await current_catalogue(ctx)
        return Reach(interventions=frozenset(catalogue.by_contract[one].id for one in scope.contracts))
    by = actor_of(ctx.user)
    wanted = Reach(crns=frozenset(await _managed(ctx, by.username)), created_by=by.id)
    async with ctx.reading(OverviewViews) as views:
        crns = await views.crns_of(wanted)
    answers = await case_answers(ctx, by, crns) if crns else {}
    return Reach(crns=frozenset(crn for crn, answer in answers.items() if answer.allowed))


async def _managed(ctx: Context, username: str) -> list[str]:
    try:
        return await ctx.peer(ProbationPeer).managed_cases(username)
    except PeerUnavailable:
        log.warning("managed cases are not known just now: the list holds the caller's own referrals")
        return []
