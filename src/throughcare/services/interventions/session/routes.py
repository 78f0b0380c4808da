"""Delivery sessions: read by both sides, worked on by the provider."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE, PROVIDER, READERS
from throughcare.services.interventions.access.usecases import (
    allow_action_plan,
    allow_named_referral,
    allow_referral,
)
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.appointment.schemas import RecordAttendance, RecordFeedback, people_of
from throughcare.services.interventions.booking.schemas import UpdateAppointment
from throughcare.services.interventions.refusal.model import (
    AccessRefused,
    Clash,
    Invalid,
    NotThere,
    NotYet,
    Refused,
)
from throughcare.services.interventions.session import model, usecases
from throughcare.services.interventions.session.schemas import DeliverySession, SessionAppointment
from throughcare.services.interventions.session.store import SessionStore

router = Router(tag="Sessions")

ERRORS = [AccessRefused, NotThere, Clash, Invalid, Refused]
APPOINTMENT = "/referral/{referral_id}/delivery-session-appointments/{appointment_id}"


@router.patch("/action-plan/{action_plan_id}/appointment/{session_number}", roles=GATE, errors=ERRORS)
async def schedule_session(
    action_plan_id: UUID, session_number: int, body: UpdateAppointment, ctx: Ctx
) -> DeliverySession:
    """Book a session, or book it again until it was delivered."""
    entry = await allow_action_plan(ctx, action_plan_id, PROVIDER)
    made = await usecases.schedule_session(ctx, entry.referral_id, session_number, body.given(), by=entry.actor)
    return (await _shown(ctx, [made]))[0]


@router.get("/action-plan/{action_plan_id}/appointments", roles=GATE, errors=[AccessRefused, NotThere])
async def list_sessions(action_plan_id: UUID, ctx: Ctx) -> list[DeliverySession]:
    """Every session of the plan's referral, by number."""
    entry = await allow_action_plan(ctx, action_plan_id, PEOPLE)
    async with ctx.reading(SessionStore) as store:
        found = await store.of_referral(entry.referral_id)
    return await _shown(ctx, found)


@router.get(
    "/action-plan/{action_plan_id}/appointments/{session_number}",
    roles=GATE,
    errors=[AccessRefused, NotThere],
)
async def get_session_of_plan(action_plan_id: UUID, session_number: int, ctx: Ctx) -> DeliverySession:
    """One session of the plan's referral."""
    entry = await allow_action_plan(ctx, action_plan_id, PEOPLE)
    return await _session(ctx, entry.referral_id, session_number)


@router.get("/referral/{referral_id}/sessions/{session_number}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_session(referral_id: UUID, session_number: int, ctx: Ctx) -> DeliverySession:
    """One session of a referral."""
    await allow_referral(ctx, referral_id, READERS)
    return await _session(ctx, referral_id, session_number)


@router.put(f"{APPOINTMENT}/attendance", roles=GATE, errors=ERRORS)
async def record_attendance(
    referral_id: UUID, appointment_id: UUID, body: RecordAttendance, ctx: Ctx
) -> SessionAppointment:
    """Note whether the person came and the session happened."""
    entry = await allow_named_referral(ctx, referral_id, PROVIDER)
    held = await usecases.record_attendance(ctx.uow, referral_id, appointment_id, body.given(), by=entry.actor)
    return await _appointment(ctx, *held)


@router.put(f"{APPOINTMENT}/session-feedback", roles=GATE, errors=ERRORS)
async def record_feedback(
    referral_id: UUID, appointment_id: UUID, body: RecordFeedback, ctx: Ctx
) -> SessionAppointment:
    """Note what happened; it may be written again until it is submitted."""
    entry = await allow_named_referral(ctx, referral_id, PROVIDER)
    held = await usecases.record_feedback(ctx.uow, referral_id, appointment_id, body.given(), by=entry.actor)
    return await _appointment(ctx, *held)


@router.post(f"{APPOINTMENT}/submit-feedback", roles=GATE, errors=[*ERRORS, NotYet])
async def submit_feedback(referral_id: UUID, appointment_id: UUID, ctx: Ctx) -> SessionAppointment:
    """Make the feedback final."""
    entry = await allow_named_referral(ctx, referral_id, PROVIDER)
    return await _appointment(ctx, *await usecases.submit_feedback(ctx, referral_id, appointment_id, by=entry.actor))


async def _session(ctx: Context, referral_id: UUID, number: int) -> DeliverySession:
    async with ctx.reading(SessionStore) as store:
        session = await store.get(referral_id, number)
    return (await _shown(ctx, [session]))[0]


async def _shown(ctx: Context, sessions: Sequence[model.DeliverySession]) -> list[DeliverySession]:
    people = {one for session in sessions for appointment in session.appointments for one in people_of(appointment)}
    async with ctx.reading(SessionStore) as store:
        actors = await named(store, people)
    return [DeliverySession.of(session, actors) for session in sessions]


async def _appointment(ctx: Context, held: Appointment, session: model.DeliverySession) -> SessionAppointment:
    async with ctx.reading(SessionStore) as store:
        return SessionAppointment.of_number(held, session.number, await named(store, people_of(held)))
