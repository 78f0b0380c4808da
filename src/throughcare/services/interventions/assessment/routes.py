"""The supplier assessment: read by both sides, worked on by the provider."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PROVIDER, READERS
from throughcare.services.interventions.access.usecases import allow_assessment, allow_referral
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.appointment import model
from throughcare.services.interventions.appointment.schemas import (
    Appointment,
    RecordAttendance,
    RecordFeedback,
    people_of,
)
from throughcare.services.interventions.assessment import usecases
from throughcare.services.interventions.assessment.schemas import SupplierAssessment
from throughcare.services.interventions.assessment.store import AssessmentStore
from throughcare.services.interventions.booking.schemas import UpdateAppointment
from throughcare.services.interventions.refusal.model import (
    AccessRefused,
    Clash,
    Invalid,
    NotThere,
    NotYet,
    Refused,
)

router = Router(tag="Supplier assessment")

ERRORS = [AccessRefused, NotThere, Clash, Invalid, Refused]


@router.get("/sent-referral/{referral_id}/supplier-assessment", roles=GATE, errors=[AccessRefused, NotThere])
async def get_assessment(referral_id: UUID, ctx: Ctx) -> SupplierAssessment:
    """The supplier assessment of a referral."""
    await allow_referral(ctx, referral_id, READERS)
    async with ctx.reading(AssessmentStore) as store:
        assessment = await store.of_referral(referral_id)
        people = {one for appointment in assessment.appointments for one in people_of(appointment)}
        return SupplierAssessment.of(assessment, await named(store, people))


@router.put("/supplier-assessment/{assessment_id}/schedule-appointment", roles=GATE, errors=ERRORS)
async def schedule_appointment(assessment_id: UUID, body: UpdateAppointment, ctx: Ctx) -> Appointment:
    """Book the assessment, or move it while nothing is known of its outcome."""
    entry = await allow_assessment(ctx, assessment_id, PROVIDER)
    made = await usecases.schedule_assessment(ctx, entry.referral_id, body.given(), by=entry.actor)
    return await _shown(ctx, made)


@router.post("/referral/{referral_id}/supplier-assessment", roles=GATE, errors=ERRORS)
async def add_appointment(referral_id: UUID, body: UpdateAppointment, ctx: Ctx) -> Appointment:
    """Book a further appointment, one to one, after one whose feedback is final."""
    entry = await allow_referral(ctx, referral_id, PROVIDER)
    return await _shown(ctx, await usecases.add_assessment_appointment(ctx, referral_id, body.given(), by=entry.actor))


@router.put("/referral/{referral_id}/supplier-assessment/record-attendance", roles=GATE, errors=ERRORS)
async def record_attendance(referral_id: UUID, body: RecordAttendance, ctx: Ctx) -> Appointment:
    """Note whether the person came to the current appointment and the session happened."""
    entry = await allow_referral(ctx, referral_id, PROVIDER)
    return await _shown(ctx, await usecases.record_attendance(ctx.uow, referral_id, body.given(), by=entry.actor))


@router.put("/referral/{referral_id}/supplier-assessment/record-session-feedback", roles=GATE, errors=ERRORS)
async def record_feedback(referral_id: UUID, body: RecordFeedback, ctx: Ctx) -> Appointment:
    """Note what happened at the current appointment; it may be written again until it is submitted."""
    entry = await allow_referral(ctx, referral_id, PROVIDER)
    return await _shown(ctx, await usecases.record_feedback(ctx.uow, referral_id, body.given(), by=entry.actor))


@router.post("/referral/{referral_id}/supplier-assessment/submit-feedback", roles=GATE, errors=[*ERRORS, NotYet])
async def submit_feedback(referral_id: UUID, ctx: Ctx) -> Appointment:
    """Make the feedback on the current appointment final."""
    entry = await allow_referral(ctx, referral_id, PROVIDER)
    return await _shown(ctx, await usecases.submit_feedback(ctx, referral_id, by=entry.actor))


@router.put("/referral/{referral_id}/supplier-assessment/{appointment_id}", roles=GATE, errors=ERRORS)
async def change_appointment(referral_id: UUID, appointment_id: UUID, body: UpdateAppointment, ctx: Ctx) -> Appointment:
    """Move the current appointment, which is held one to one."""
    entry = await allow_referral(ctx, referral_id, PROVIDER)
    made = await usecases.change_assessment_appointment(ctx, referral_id, appointment_id, body.given(), by=entry.actor)
    return await _shown(ctx, made)


async def _shown(ctx: Context, appointment: model.Appointment) -> Appointment:
    async with ctx.reading(AssessmentStore) as store:
        return Appointment.of(appointment, await named(store, people_of(appointment)))
