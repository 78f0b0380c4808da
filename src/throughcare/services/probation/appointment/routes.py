"""Booking appointments for a referral."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.errors import BadRequest
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.appointment import usecases
from throughcare.services.probation.appointment.model import (
    AppointmentClash,
    AppointmentInPast,
    AppointmentSpansDays,
)
from throughcare.services.probation.appointment.schemas import AppointmentBody, BookedAppointment
from throughcare.services.probation.contact.model import ReferenceTaken
from throughcare.services.probation.nsi.model import ReferralNotFound
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.reference.model import CASE_DETAIL

router = Router(tag="Appointments")


@router.put(
    "/probation-case/{crn}/referrals/{referral_id}/appointments", roles=[CASE_DETAIL],
    errors=[
        CaseNotFound, ReferralNotFound, AppointmentInPast, AppointmentSpansDays, AppointmentClash, ReferenceTaken,
    ],
)  # fmt: skip
async def book_appointment(crn: str, referral_id: UUID, body: AppointmentBody, ctx: Ctx) -> BookedAppointment:
    """Book an appointment, move it or give it an outcome; sending the same again has no further effect."""
    if body.referral_id not in {None, referral_id}:
        raise BadRequest("the referral in the body is not the one in the address", code="REFERRAL_MISMATCH")
    return BookedAppointment(appointment_id=await usecases.book_appointment(ctx.uow, crn, body.booking(referral_id)))
