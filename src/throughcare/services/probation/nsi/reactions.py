"""Ends of referrals."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, at, reaction
from throughcare.services.probation.nsi import usecases
from throughcare.services.probation.nsi.model import End, Ending, ReferralNotFound, outcome_of
from throughcare.services.probation.peers.interventions import InterventionsPeer, SentReferral
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.settings import ProbationSettings

REPORT_HEADING = "End-of-service report submitted"


class ReferralEnded(Reads, types=["intervention.referral.ended"]):
    """A referral is over, or its end-of-service report came after that."""

    crn: str
    referral_id: UUID
    delivery_state: str
    withdrawal_code: str | None = None
    page: str = at("additionalInformation.referralProbationUserURL", default="")


@reaction(ReferralEnded, order_by="crn")
async def on_referral_ended(event: ReferralEnded, ctx: Context) -> None:
    """Close the NSI with the end that the referral has. An unknown case, referral or end is rejected."""
    if event.delivery_state not in End.__members__:
        raise Reject("the delivery state is not known")
    referral = await ctx.peer(InterventionsPeer).referral(event.referral_id)
    if referral is None:
        raise Reject("the interventions service has no such referral")
    ending = _ending(event, referral, withdrawals=ctx.settings(ProbationSettings).withdrawal_outcomes)
    try:
        await usecases.end_referral(ctx.uow, event.crn, ending)
    except (CaseNotFound, ReferralNotFound) as error:
        raise Reject(error.code) from None


def _ending(event: ReferralEnded, referral: SentReferral, *, withdrawals: bool) -> Ending:
    ended_at = referral.concluded_at or referral.end_requested_at
    if ended_at is None:
        raise Reject("the referral has no end")
    about = f"{referral.referral.contract_type_name or 'commissioned'} referral {referral.reference_number}"
    provider = referral.referral.service_provider.name
    report = referral.end_of_service_report
    return Ending(
        referral_id=event.referral_id, ended_at=ended_at,
        outcome_code=outcome_of(End[event.delivery_state], event.withdrawal_code, withdrawals=withdrawals),
        notes=f"Referral ended: {about} with {provider}\n{event.page}",
        report_submitted_at=report.submitted_at if report else None, report_heading=REPORT_HEADING,
        report_notes=f"{REPORT_HEADING}: {about} with {provider}\n{event.page}",
    )  # fmt: skip
