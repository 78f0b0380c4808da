"""Action plans that were submitted or approved."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, at, reaction
from throughcare.services.probation.action_plan import usecases
from throughcare.services.probation.nsi.model import ReferralNotFound
from throughcare.services.probation.person.model import CaseNotFound

SUBMITTED, APPROVED = "intervention.action-plan.submitted", "intervention.action-plan.approved"
HEADINGS = {SUBMITTED: "Action plan submitted", APPROVED: "Action plan approved"}


class ActionPlanChanged(Reads, types=[SUBMITTED, APPROVED]):
    """An action plan went to the practitioner, or was approved. The event says all that the record needs."""

    crn: str
    referral_id: UUID
    referral_reference: str = ""
    contract_type_name: str = ""
    prime_provider_name: str = ""
    page: str = at("additionalInformation.actionPlanProbationUserUrl", default="")


@reaction(ActionPlanChanged, order_by="crn")
async def on_action_plan_changed(event: ActionPlanChanged, ctx: Context) -> None:
    """Leave a notification on the record. An unknown case or referral is rejected."""
    about = f"{event.contract_type_name} referral {event.referral_reference} with {event.prime_provider_name}"
    try:
        await usecases.note_action_plan(
            ctx.uow, event.crn, event.referral_id, heading=HEADINGS[event.event_type],
            text=f"{about}\n{event.page}", at=event.occurred_at,
        )  # fmt: skip
    except (CaseNotFound, ReferralNotFound) as error:
        raise Reject(error.code) from None
