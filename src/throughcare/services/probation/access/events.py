"""Changes of who may see a case."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class ExclusionUpdated(
    DomainEvent,
    type="probation-case.exclusion.updated",
    key="crn",
    aggregate="probation-case",
    description="The exclusions of a probation case changed",
):
    """Other users than before are kept from a case."""

    crn: str


class RestrictionUpdated(
    DomainEvent,
    type="probation-case.restriction.updated",
    key="crn",
    aggregate="probation-case",
    description="The restrictions of a probation case changed",
):
    """A case is restricted to other users than before."""

    crn: str
