"""What is announced about bookings and movements."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class BookingOpened(
    DomainEvent, type="prison.booking.opened", key="noms_number", aggregate="person",
    description="A prisoner's booking was opened or opened again",
):  # fmt: skip
    """A period in custody began, or a recall continues it."""

    noms_number: str
    booking_id: int


class BookingClosed(
    DomainEvent, type="prison.booking.closed", key="noms_number", aggregate="person",
    description="A prisoner's booking was closed",
):  # fmt: skip
    """A period in custody ended."""

    noms_number: str
    booking_id: int


class MovementRecorded(
    DomainEvent, type="prison.movement.recorded", key="noms_number", aggregate="person",
    description="A prisoner was moved into or out of a prison",
):  # fmt: skip
    """A movement was added to a prisoner's log at ``sequence``; it happened at ``occurredAt``."""

    noms_number: str
    booking_id: int
    movement_type: str
    movement_reason: str
    direction: str
    from_agency: str | None = None
    to_agency: str | None = None
    sequence: int
