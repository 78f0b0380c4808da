"""Appointments that an administrator puts aside, because they should not be there.

They stay in the history, and count for nothing from then on. What the case record holds of them is not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.refusal.model import Refused


@dataclass(frozen=True)
class Order:
    """Which appointments are to be put aside, and why."""

    appointment_ids: Sequence[UUID]
    reason: str


@dataclass(frozen=True)
class Marking:
    """An order that was carried out, by whom and when."""

    id: UUID
    order: Order
    carried_out_at: datetime
    carried_out_by: str


def check_markable(order: Order, found: Sequence[Appointment]) -> None:
    """Raises Refused (APPOINTMENTS_NOT_MARKABLE), naming each id that stands twice, is unknown or was marked."""
    by_id = {one.id: one for one in found}
    problems = []
    for one in dict.fromkeys(order.appointment_ids):
        held = by_id.get(one)
        if held is None:
            problems.append(f"there is no appointment {one}")
        elif held.stale:
            problems.append(f"{one} was put aside before")
        elif order.appointment_ids.count(one) > 1:
            problems.append(f"{one} is named more than once")
    if problems:
        raise Refused("APPOINTMENTS_NOT_MARKABLE", "; ".join(problems))
