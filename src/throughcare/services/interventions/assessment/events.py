"""What is announced about supplier assessments. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from throughcare.kit.messaging.envelope import DomainEvent

OWN_TOPIC = "interventions"
"""Events that only this service reacts to."""


class AssessmentAttended(
    DomainEvent, type="intervention.initial-assessment-appointment.attended", key="referral_id",
    aggregate="referral",
    description="A person attended their supplier assessment",
):  # fmt: skip
    """The person came."""

    service_user_crn: str = Field(alias="serviceUserCRN")
    referral_id: UUID


class AssessmentMissed(
    DomainEvent, type="intervention.initial-assessment-appointment.missed", key="referral_id",
    aggregate="referral",
    description="A person did not attend their supplier assessment",
):  # fmt: skip
    """The person stayed away."""

    service_user_crn: str = Field(alias="serviceUserCRN")
    referral_id: UUID


class AssessmentFeedbackSubmitted(
    DomainEvent, type="intervention.initial-assessment-appointment.session-feedback-submitted",
    key="referral_id",
    aggregate="referral", description="Feedback on a supplier assessment was submitted",
):  # fmt: skip
    """Feedback is final."""

    service_user_crn: str = Field(alias="serviceUserCRN")
    referral_id: UUID
    referral_reference: str
    contract_type_name: str
    prime_provider_name: str
    delius_appointment_id: str | None = None
    referral_probation_user_url: str = Field(alias="referralProbationUserURL")


class AssessmentScheduled(
    DomainEvent, type="interventions.supplier-assessment.scheduled", key="referral_id", aggregate="referral",
    topic=OWN_TOPIC, description="A supplier assessment was booked or moved",
):  # fmt: skip
    """For this service's own messages: no outside body is told of bookings."""

    referral_id: UUID
    appointment_id: UUID
