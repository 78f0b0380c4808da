"""Where appointments are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.services.interventions.appointment.model import (
    Address,
    Appointment,
    Attendance,
    Booking,
    Feedback,
    Mark,
    no_appointment,
)

MOMENT = DateTime(timezone=True)
FLAGS = {
    "late",
    "notify_probation_practitioner_of_behaviour",
    "notify_probation_practitioner_of_concerns",
}

appointment = Table(
    "appointment",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("supplier_assessment_id", Uuid),
    Column("delivery_session_id", Uuid),
    Column("appointment_time", MOMENT, nullable=False),
    Column("duration_in_minutes", Integer, nullable=False),
    Column("delivery_type", Text, nullable=False),
    Column("session_type", Text),
    Column("nps_office_code", Text),
    Column("first_address_line", Text),
    Column("second_address_line", Text),
    Column("town_or_city", Text),
    Column("county", Text),
    Column("post_code", Text),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("delius_appointment_id", BigInteger),
    Column("attended", Text),
    Column("did_session_happen", Boolean),
    Column("attendance_submitted_at", MOMENT),
    Column("attendance_submitted_by", Uuid),
    *(Column(one.name, Boolean if one.name in FLAGS else Text) for one in fields(Feedback)),
    Column("session_feedback_submitted_at", MOMENT),
    Column("session_feedback_submitted_by", Uuid),
    Column("appointment_feedback_submitted_at", MOMENT),
    Column("appointment_feedback_submitted_by", Uuid),
    Column("superseded_by_appointment_id", Uuid),
    Column("reschedule_requested_by", Text),
    Column("rescheduled_reason", Text),
    Column("stale", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)


class AppointmentStore(Store):
    """Appointments of supplier assessments and delivery sessions."""

    async def get(self, appointment_id: UUID) -> Appointment:
        """The appointment. Raises NotThere."""
        found = await self._where(appointment.c.id == appointment_id)
        if not found:
            raise no_appointment()
        return found[0]

    async def with_ids(self, appointment_ids: Sequence[UUID]) -> list[Appointment]:
        """Those of these appointments that there are, oldest first."""
        return await self._where(appointment.c.id.in_(appointment_ids))

    async def of_assessment(self, assessment_id: UUID) -> list[Appointment]:
        """Every appointment of a supplier assessment, oldest first."""
        return await self._where(appointment.c.supplier_assessment_id == assessment_id)

    async def of_sessions(self, session_ids: Sequence[UUID]) -> list[Appointment]:
        """Every appointment of these delivery sessions, oldest first."""
        return await self._where(appointment.c.delivery_session_id.in_(session_ids))

    async def of_referral(self, referral_id: UUID) -> list[Appointment]:
        """Every appointment of a referral, oldest first."""
        return await self._where(appointment.c.referral_id == referral_id)

    async def of_delivery(self, referral_id: UUID) -> list[Appointment]:
        """Every appointment of the delivery sessions of a referral, oldest first."""
        mine = appointment.c.referral_id == referral_id
        return await self._where(mine & appointment.c.delivery_session_id.is_not(None))

    async def find_by_delius_id(self, referral_id: UUID, delius_id: int) -> Appointment | None:
        """The appointment of a referral with this number in the case record, or None.

        One whose office alone was changed leaves its number to the next: then it is the one on which feedback was
        submitted last, else the newest.
        """
        known = appointment.c.delius_appointment_id == delius_id
        found = await self._where((appointment.c.referral_id == referral_id) & known)
        final = [(one.feedback_submitted.at, one.ordinal, one) for one in found if one.feedback_submitted is not None]
        if final:
            return max(final, key=lambda submitted: submitted[:2])[2]
        return found[-1] if found else None

    async def add(self, new: Appointment) -> None:
        """Keep a new appointment."""
        await self.run(insert(appointment).values(**_values(new)))

    async def save(self, changed: Appointment) -> Appointment:
        """Keep changes; the appointment must still be at ``changed.version``. Raises StaleVersion."""
        here = (appointment.c.id == changed.id) & (appointment.c.version == changed.version)
        values = {**_values(changed), "version": changed.version + 1}
        if not await self.run(update(appointment).where(here).values(**values)):
            raise StaleVersion
        return await self.get(changed.id)

    async def _where(self, condition: ColumnElement[bool]) -> list[Appointment]:
        order = (appointment.c.created_at, appointment.c.ordinal, appointment.c.id)
        rows: Sequence[RowMapping] = await self.all(select(appointment).where(condition).order_by(*order))
        return [_appointment(row) for row in rows]


def _mark(name: str, mark: Mark | None) -> dict[str, object]:
    return {f"{name}_at": mark.at if mark else None, f"{name}_by": mark.by if mark else None}


def _values(one: Appointment) -> dict[str, Any]:
    booking, address = one.booking, one.booking.address
    place = {"first_address_line": None, "second_address_line": None, "town_or_city": None, "county": None}
    return {
        "id": one.id, "referral_id": one.referral_id, "ordinal": one.ordinal,
        "supplier_assessment_id": one.supplier_assessment_id,
        "delivery_session_id": one.delivery_session_id, "appointment_time": booking.appointment_time,
        "duration_in_minutes": booking.duration_in_minutes, "delivery_type": booking.delivery_type,
        "session_type": booking.session_type, "nps_office_code": booking.nps_office_code,
        **(vars(address) if address else {**place, "post_code": None}),
        "delius_appointment_id": one.delius_appointment_id, **vars(one.attendance), **vars(one.feedback),
        "created_at": one.created.at, "created_by": one.created.by,
        **_mark("attendance_submitted", one.attendance_submitted),
        **_mark("session_feedback_submitted", one.session_feedback_submitted),
        **_mark("appointment_feedback_submitted", one.feedback_submitted),
        "superseded_by_appointment_id": one.superseded_by, "stale": one.stale, "version": one.version,
        "reschedule_requested_by": one.reschedule_requested_by, "rescheduled_reason": one.rescheduled_reason,
    }  # fmt: skip


def _read_mark(row: RowMapping, name: str) -> Mark | None:
    at = row[f"{name}_at"]
    return None if at is None else Mark(at, row[f"{name}_by"])


def _appointment(row: RowMapping) -> Appointment:
    address = None
    if row["first_address_line"] is not None:
        address = Address(**{one.name: row[one.name] for one in fields(Address)})
    booking = Booking(
        row["appointment_time"], row["duration_in_minutes"], row["delivery_type"], row["session_type"],
        address,
        row["nps_office_code"],
    )  # fmt: skip
    return Appointment(
        row["id"], row["referral_id"], row["ordinal"], booking, Mark(row["created_at"], row["created_by"]),
        row["supplier_assessment_id"], row["delivery_session_id"], row["delius_appointment_id"],
        Attendance(row["attended"], row["did_session_happen"]), _read_mark(row, "attendance_submitted"),
        Feedback(**{one.name: row[one.name] for one in fields(Feedback)}),
        _read_mark(row, "session_feedback_submitted"), _read_mark(row, "appointment_feedback_submitted"),
        row["superseded_by_appointment_id"], row["reschedule_requested_by"], row["rescheduled_reason"],
        row["stale"], row["version"],
    )  # fmt: skip
