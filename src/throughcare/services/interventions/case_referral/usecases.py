"""Gathers a person's referrals with the names of everybody concerned: one look-up a person, not one a referral."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.services.interventions.case_referral.schemas import ProbationCaseReferral
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.naming.usecases import full_names
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore


async def find_case_referrals(ctx: Context, crn: str) -> list[ProbationCaseReferral]:
    """Every sent referral of a person, oldest first. Raises PeerUnavailable.

    The officer who referred stands in for a responsible officer whom the case record does not name.
    """
    async with ctx.reading(ReferralStore) as store:
        referrals = await store.of_person(crn)
    if not referrals:
        return []
    people = {one.created_by for one in referrals} | {one.assignment.assigned_to for one in referrals if one.assignment}
    names, officer = await full_names(ctx, people), await _officer(ctx, crn)
    catalogue = await current_catalogue(ctx)
    return [
        _shown(
            one, catalogue, referring=names[one.created_by], responsible=officer or names[one.created_by],
            caseworker=names[one.assignment.assigned_to] if one.assignment else None,
        )
        for one in referrals
    ]  # fmt: skip


async def _officer(ctx: Context, crn: str) -> str | None:
    try:
        found = await ctx.peer(ProbationPeer).responsible_officer(crn)
    except PeerRefused:
        return None
    if found is None or found.officer.unallocated or found.officer.name is None:
        return None
    return " ".join(filter(None, (found.officer.name.forename, found.officer.name.surname))) or None


def _shown(
    sent: Referral, catalogue: Catalogue, *, referring: str, responsible: str, caseworker: str | None
) -> ProbationCaseReferral:
    chosen = sent.intervention(catalogue)
    contract = chosen.contract
    return ProbationCaseReferral(
        id=sent.id, reference_number=sent.reference_number,
        service_categories=sorted(catalogue.categories[one].name for one in sent.selection.categories),
        contract_type=contract.type.name, referral_created_at=sent.created_at, referral_sent_at=sent.sent_at,
        referral_concluded_at=sent.concluded_at, intervention_title=chosen.title, referring_officer=referring,
        responsible_officer=responsible, service_provider_user=caseworker,
        service_provider_location=catalogue.region_name(contract), service_provider_name=contract.prime.name,
    )  # fmt: skip
