"""The beginning of a case."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class EngagementCreated(
    DomainEvent,
    type="probation-case.engagement.created",
    key="crn",
    aggregate="probation-case",
    description="A person became known to probation",
):
    """A case was opened."""

    crn: str
