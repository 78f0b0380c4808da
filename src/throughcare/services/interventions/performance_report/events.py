"""What is announced about performance reports, to this service alone."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent
from throughcare.services.interventions.assessment.events import OWN_TOPIC


class PerformanceReportCompleted(
    DomainEvent, type="interventions.performance-report.completed", key="report_id", aggregate="performance report",
    topic=OWN_TOPIC, description="A performance report can be fetched",
):  # fmt: skip
    """For the message to whoever asked."""

    report_id: UUID


class PerformanceReportFailed(
    DomainEvent, type="interventions.performance-report.failed", key="report_id", aggregate="performance report",
    topic=OWN_TOPIC, description="A performance report could not be written",
):  # fmt: skip
    """For the message to whoever asked."""

    report_id: UUID
