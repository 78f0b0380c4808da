"""Supplier assessments on the wire."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.appointment.schemas import Actors, Appointment
from throughcare.services.interventions.assessment import model


class SupplierAssessment(Wire):
    """A supplier assessment with every appointment, oldest first."""

    id: UUID
    appointments: list[Appointment]
    current_appointment_id: UUID | None
    referral_id: UUID

    @classmethod
    def of(cls, assessment: model.SupplierAssessment, actors: Actors) -> Self:
        """The assessment as callers know it."""
        return cls(
            id=assessment.id,
            appointments=[Appointment.of(one, actors) for one in assessment.appointments],
            current_appointment_id=assessment.current.id if assessment.current else None,
            referral_id=assessment.referral_id,
        )
