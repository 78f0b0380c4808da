"""Reads where delivery sessions take place: two statements, however many referrals and sessions there are."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import RowMapping, select

from throughcare.kit.db.database import Views
from throughcare.services.interventions.appointment.store import appointment
from throughcare.services.interventions.appointment_location.schemas import (
    AppointmentLocation,
    AppointmentLocations,
    ReferralAppointments,
)
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.referral.store import referral

ADDRESS = {
    "first_address_line": "first_address_line", "second_address_line": "second_address_line",
    "town_city": "town_or_city", "county": "county", "postcode": "post_code",
}  # fmt: skip


class AppointmentLocationViews(Views):
    """Appointments of delivery sessions by person."""

    async def of_person(self, crn: str, catalogue: Catalogue) -> AppointmentLocations:
        """The appointments of a person's sent referrals, those that others took the place of included."""
        sent, one = referral.c, appointment.c
        referrals = await self.all(select(referral).where(sent.crn == crn).order_by(sent.sent_at, sent.id))
        mine = one.referral_id.in_(select(sent.id).where(sent.crn == crn)) & one.delivery_session_id.is_not(None)
        held: dict[UUID, list[AppointmentLocation]] = defaultdict(list)
        for row in await self.all(select(appointment).where(mine).order_by(one.appointment_time, one.id)):
            held[row["referral_id"]].append(_location(row))
        return AppointmentLocations(
            crn=crn,
            referrals=[
                ReferralAppointments(
                    referral_number=row["reference_number"], appointments=held[row["id"]],
                    intervention_title=catalogue.interventions[row["intervention_id"]].title,
                )
                for row in referrals
            ],
        )  # fmt: skip


def _location(row: RowMapping) -> AppointmentLocation:
    return AppointmentLocation(
        appointment_id=row["id"], appointment_date_time=row["appointment_time"],
        appointment_duration_in_minutes=row["duration_in_minutes"],
        superseded_indicator=row["superseded_by_appointment_id"] is not None,
        **{f"appointment_delivery_{name}": row[column] or "" for name, column in ADDRESS.items()},
    )  # fmt: skip
