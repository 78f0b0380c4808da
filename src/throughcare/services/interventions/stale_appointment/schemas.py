"""Putting appointments aside on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.stale_appointment import model


class MarkStale(Wire):
    """Appointments to put aside; only to look at while ``dryRun``, which holds unless said otherwise."""

    appointment_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    reason: Annotated[str, Field(pattern=r"\S", max_length=500)]
    dry_run: bool = True

    def order(self) -> model.Order:
        """What is asked for."""
        return model.Order(self.appointment_ids, self.reason)


class MarkedAppointment(Wire):
    """An appointment of the order: whose it is, when it was to be, and whether it has its outcome or was replaced."""

    appointment_id: UUID
    referral_id: UUID
    appointment_time: datetime
    feedback_submitted: bool
    superseded: bool

    @classmethod
    def of(cls, one: Appointment) -> Self:
        """The appointment as it was."""
        return cls(
            appointment_id=one.id, referral_id=one.referral_id, appointment_time=one.booking.appointment_time,
            feedback_submitted=one.feedback_final, superseded=one.superseded,
        )  # fmt: skip


class OrderedMarking(Wire):
    """What was, or would be, put aside. ``id`` names the entry in the record; None for a dry run."""

    id: UUID | None
    appointments: list[MarkedAppointment]


class RecordedMarking(Wire):
    """An order that was carried out."""

    id: UUID
    appointment_ids: list[UUID]
    reason: str
    carried_out_at: datetime
    carried_out_by: str

    @classmethod
    def of(cls, one: model.Marking) -> Self:
        """The entry of the record."""
        return cls(
            id=one.id, appointment_ids=list(one.order.appointment_ids), reason=one.order.reason,
            carried_out_at=one.carried_out_at, carried_out_by=one.carried_out_by,
        )  # fmt: skip
