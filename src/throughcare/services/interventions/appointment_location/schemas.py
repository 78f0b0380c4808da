"""Where a person's delivery sessions take place, in the names that its readers use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class AppointmentLocation(BaseModel):
    """One appointment; parts of an address that there is none of are empty."""

    appointment_id: UUID
    appointment_date_time: datetime
    appointment_duration_in_minutes: int
    superseded_indicator: bool
    appointment_delivery_first_address_line: str
    appointment_delivery_second_address_line: str
    appointment_delivery_town_city: str
    appointment_delivery_county: str
    appointment_delivery_postcode: str


class ReferralAppointments(BaseModel):
    """The appointments of one referral's delivery sessions, by time."""

    referral_number: str
    intervention_title: str
    appointments: list[AppointmentLocation]


class AppointmentLocations(BaseModel):
    """A person's referrals, oldest first."""

    crn: str
    referrals: list[ReferralAppointments]
