"""What is announced about end of service reports. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from throughcare.kit.messaging.envelope import DomainEvent


class ReportSubmitted(
    DomainEvent, type="intervention.end-of-service-report.submitted", key="referral_id", aggregate="referral",
    description="An end of service report was submitted",
):  # fmt: skip
    """``referral_id`` orders the event and is not part of it."""

    referral_id: UUID = Field(exclude=True)
    end_of_service_report_id: UUID
    submitted_by: str
