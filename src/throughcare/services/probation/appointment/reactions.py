"""Feedback on sessions and supplier assessments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, at, reaction
from throughcare.services.probation.appointment import usecases
from throughcare.services.probation.appointment.model import (
    AppointmentNotFound,
    Attended,
    Feedback,
    NoSessionReason,
    OutcomeUnclear,
)
from throughcare.services.probation.nsi.model import ReferralNotFound
from throughcare.services.probation.peers.interventions import Appointment, InterventionsPeer
from throughcare.services.probation.person.model import CaseNotFound

SESSION = re.compile(r"/referral/[0-9a-fA-F-]{36}/sessions/(\d{1,6})$")
NEVER = datetime.min.replace(tzinfo=UTC)


class FeedbackSubmitted(
    Reads,
    types=[
        "intervention.session-appointment.session-feedback-submitted",
        "intervention.initial-assessment-appointment.session-feedback-submitted",
    ],
):
    """The provider submitted the feedback on an appointment."""

    crn: str
    referral_id: UUID
    referral_reference: str = ""
    contract_type_name: str = ""
    prime_provider_name: str = ""
    delius_appointment_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    detail_url: str = at("detailUrl")
    page: str = at("additionalInformation.referralProbationUserURL", default="")

    @property
    def notes(self) -> str:
        """What the case record says of it."""
        about = f"{self.contract_type_name} referral {self.referral_reference} with {self.prime_provider_name}"
        return f"Session feedback recorded: {about}\n{self.page}"


@reaction(FeedbackSubmitted, order_by="crn")
async def on_feedback_submitted(event: FeedbackSubmitted, ctx: Context) -> None:
    """Give the appointment its outcome. What the case record does not know is rejected."""
    given = [(one.id, _feedback(one)) for one in _submitted(await _appointments(event, ctx))]
    if not given:
        raise Reject("the interventions service has no feedback on this appointment")
    try:
        await usecases.record_feedback(
            ctx.uow,
            event.crn,
            event.referral_id,
            given,
            delius_id=event.delius_appointment_id,
            notes=event.notes,
        )
    except (CaseNotFound, ReferralNotFound, AppointmentNotFound, OutcomeUnclear) as error:
        raise Reject(error.code) from None


async def _appointments(event: FeedbackSubmitted, ctx: Context) -> Sequence[Appointment]:
    peer = ctx.peer(InterventionsPeer)
    if event.event_type.startswith("intervention.initial-assessment-appointment."):
        assessment = await peer.supplier_assessment(event.referral_id)
        return assessment.appointments if assessment else []
    number = SESSION.search(event.detail_url)
    if number is None:
        raise Reject("detailUrl does not name a session")
    session = await peer.session(event.referral_id, int(number.group(1)))
    return session.appointments if session else []


def _submitted(appointments: Sequence[Appointment]) -> list[Appointment]:
    """Those whose feedback is final, the last one at the end."""
    found = [one for one in appointments if one.appointment_feedback.submitted]
    return sorted(found, key=lambda one: one.appointment_feedback.attendance_feedback.submitted_at or NEVER)


def _feedback(one: Appointment) -> Feedback:
    attendance, session = (
        one.appointment_feedback.attendance_feedback,
        one.appointment_feedback.session_feedback,
    )
    attended, reason = str(attendance.attended).upper(), session.no_session_reason_type
    if attended not in Attended.__members__ or (reason and reason not in NoSessionReason.__members__):
        raise Reject("the feedback has a value that is not known")
    return Feedback(
        attended=Attended(attended), did_session_happen=attendance.did_session_happen,
        no_session_reason=NoSessionReason(reason) if reason else None,
        notify_of_behaviour=bool(session.notify_probation_practitioner_of_behaviour),
    )  # fmt: skip
