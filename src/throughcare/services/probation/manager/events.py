"""Changes of who manages a case."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class CommunityManagerAllocated(
    DomainEvent,
    type="person.community.manager.allocated",
    key="crn",
    aggregate="probation-case",
    description="A community manager took responsibility for a case",
):
    """The community manager is another person, or became the responsible officer."""

    crn: str
