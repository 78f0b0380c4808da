"""What happens to a person's identifiers."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class PrisonIdentifierAdded(
    DomainEvent,
    type="probation-case.prison-identifier.added",
    key="crn",
    aggregate="probation-case",
    description="A prison number was added to a probation case",
):
    """A case was linked to a prison record."""

    crn: str
