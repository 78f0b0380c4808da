"""What is announced about delivery sessions. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from throughcare.kit.messaging.envelope import DomainEvent


class SessionAttended(
    DomainEvent, type="intervention.session-appointment.attended", key="referral_id", aggregate="referral",
    description="A person attended a session",
):  # fmt: skip
    """The person came."""

    service_user_crn: str = Field(alias="serviceUserCRN")
    referral_id: UUID


class SessionMissed(
    DomainEvent, type="intervention.session-appointment.missed", key="referral_id", aggregate="referral",
    description="A person did not attend a session",
):  # fmt: skip
    """The person stayed away."""

    service_user_crn: str = Field(alias="serviceUserCRN")
    referral_id: UUID


class SessionFeedbackSubmitted(
    DomainEvent, type="intervention.session-appointment.session-feedback-submitted", key="referral_id",
    aggregate="referral", description="Feedback on a session was submitted",
):  # fmt: skip
    """Feedback is final."""

    service_user_crn: str = Field(alias="serviceUserCRN")
    referral_id: UUID
    referral_reference: str
    contract_type_name: str
    prime_provider_name: str
    delius_appointment_id: str | None = None
    referral_probation_user_url: str = Field(alias="referralProbationUserURL")
