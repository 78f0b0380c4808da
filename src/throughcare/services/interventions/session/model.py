"""A numbered session of an action plan. Sessions belong to the referral and outlive versions of its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.services.interventions.appointment.model import NO, Appointment, current
from throughcare.services.interventions.refusal.model import Clash, NotThere


@dataclass(frozen=True)
class DeliverySession:
    """A session with its appointments, oldest first. ``version`` counts bookings."""

    id: UUID
    referral_id: UUID
    number: int
    appointments: Sequence[Appointment] = ()
    version: int = 1

    @property
    def current(self) -> Appointment | None:
        """The appointment that counts."""
        return current(self.appointments)

    @property
    def earlier(self) -> list[Appointment]:
        """Every appointment but the current one."""
        return [one for one in self.appointments if one != self.current]

    def check_bookable(self) -> None:
        """Raises Clash (APPOINTMENT_ALREADY_DELIVERED) when the session took place."""
        if self.current is not None and self.current.delivered:
            raise Clash("APPOINTMENT_ALREADY_DELIVERED", "this session has been delivered already")

    def to_move(self) -> Appointment | None:
        """The appointment that the case record should move.

        None after one that was missed or at which no session happened: its outcome there must stay.
        """
        held = self.current
        if held is None or held.attendance.attended == NO or held.attendance.did_session_happen is False:
            return None
        return held


def no_session() -> NotThere:
    """The refusal of a session that is not there."""
    return NotThere("SESSION_NOT_FOUND", "there is no such session")
