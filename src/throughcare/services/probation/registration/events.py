"""What happens to registrations."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class RegistrationAdded(
    DomainEvent,
    type="probation-case.registration.added",
    key="crn",
    aggregate="probation-case",
    description="A registration was added to a probation case",
):
    """A case was registered."""

    crn: str
    register_type_code: str
    registration_id: int


class RegistrationUpdated(
    DomainEvent,
    type="probation-case.registration.updated",
    key="crn",
    aggregate="probation-case",
    description="A registration of a probation case was updated",
):
    """A registration was reviewed."""

    crn: str
    register_type_code: str
    registration_id: int


class RegistrationDeregistered(
    DomainEvent,
    type="probation-case.registration.deregistered",
    key="crn",
    aggregate="probation-case",
    description="A registration of a probation case ended",
):
    """A registration ended."""

    crn: str
    register_type_code: str
    registration_id: int


class RegistrationDeleted(
    DomainEvent,
    type="probation-case.registration.deleted",
    key="crn",
    aggregate="probation-case",
    description="A registration of a probation case was deleted",
):
    """A registration was made in error and deleted."""

    crn: str
    register_type_code: str
    registration_id: int
