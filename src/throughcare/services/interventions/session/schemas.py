"""Delivery sessions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.appointment.model import Appointment as AppointmentModel
from throughcare.services.interventions.appointment.schemas import (
    Actors,
    Address,
    Appointment,
    AppointmentFeedback,
    DeliveryType,
    Meeting,
    SessionType,
    meeting,
)
from throughcare.services.interventions.session import model


class DeliverySession(Wire):
    """A session: its current appointment flat and empty when there is none, earlier ones in a list."""

    id: UUID
    session_number: int
    appointment_time: datetime | None = None
    duration_in_minutes: int | None = None
    appointment_delivery_type: DeliveryType | None = None
    session_type: SessionType | None = None
    nps_office_code: str | None = None
    appointment_delivery_address: Address | None = None
    appointment_feedback: AppointmentFeedback
    old_appointments: list[Appointment]
    delius_appointment_id: int | None = None
    appointment_id: UUID | None = None

    @classmethod
    def of(cls, session: model.DeliverySession, actors: Actors) -> Self:
        """The session as callers know it."""
        held = session.current
        feedback = AppointmentFeedback() if held is None else AppointmentFeedback.of(held, actors)
        return cls.model_validate(
            {
                "id": session.id,
                "session_number": session.number,
                **(meeting(held.booking) if held else {}),
                "appointment_feedback": feedback,
                "old_appointments": [Appointment.of(one, actors) for one in session.earlier],
                "delius_appointment_id": held.delius_appointment_id if held else None,
                "appointment_id": held.id if held else None,
            }
        )


class SessionAppointment(Meeting):
    """One appointment of a session."""

    id: UUID
    session_number: int
    appointment_feedback: AppointmentFeedback

    @classmethod
    def of_number(cls, appointment: AppointmentModel, number: int, actors: Actors) -> Self:
        """The appointment as callers know it."""
        return cls.model_validate(
            {
                **meeting(appointment.booking),
                "id": appointment.id,
                "session_number": number,
                "appointment_feedback": AppointmentFeedback.of(appointment, actors),
            }
        )
