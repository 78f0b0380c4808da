"""What a provider does about a delivery session."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.appointment.model import (
    Appointment,
    Attendance,
    Feedback,
    Mark,
    no_appointment,
)
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.booking.model import Request, appointment_id, outcome_problems
from throughcare.services.interventions.booking.usecases import Plan, Purpose, arrange, keep
from throughcare.services.interventions.catalogue.model import Contract
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import check
from throughcare.services.interventions.session.events import (
    SessionAttended,
    SessionFeedbackSubmitted,
    SessionMissed,
)
from throughcare.services.interventions.session.model import DeliverySession
from throughcare.services.interventions.session.store import SessionStore
from throughcare.services.interventions.settings import pages
from throughcare.services.interventions.summary.store import SummaryStore


async def schedule_session(
    ctx: Context, referral_id: UUID, number: int, request: Request, *, by: Actor
) -> DeliverySession:
    """Book a session, or book it again until it was delivered; the appointment before becomes history.

    Raises Clash (APPOINTMENT_ALREADY_DELIVERED), NotThere, and what ``booking.usecases.arrange`` raises.
    """
    async with ctx.reading(SessionStore) as store:
        session = await store.get(referral_id, number)
        referral = await ReferralStore(store.connection).get(referral_id)
    session.check_bookable()
    contract = referral.contract(await current_catalogue(ctx))
    first = session.appointments[0].created.by if session.appointments else by.id
    blank = Appointment(
        appointment_id(session.id, session.version, request.booking), referral.id, session.version,
        request.booking, Mark(ctx.now, first), delivery_session_id=session.id,
    )  # fmt: skip
    purpose = Purpose(
        "Service Delivery", counts_towards_rar=True, page=pages(ctx).practitioner(referral.id, "progress")
    )
    plan = Plan(referral, contract, purpose, request, blank, moves=session.to_move(), supersedes=session.current)
    made = await arrange(ctx, plan, by=by)
    async with ctx.uow as uow:
        await uow.store(ActorStore).note(by)
        await uow.store(SessionStore).advance(session)
        await keep(uow, plan, made)
        if made.feedback_final:
            _announce(uow, ctx, referral, contract, made, number=number)
            await uow.store(SummaryStore).refresh(referral.id)
        return await uow.store(SessionStore).get(referral_id, number)


Held = tuple[Appointment, DeliverySession]


async def record_attendance(
    uow: UnitOfWork, referral_id: UUID, appointment_id: UUID, attendance: Attendance, *, by: Actor
) -> Held:
    """Note whether the person came. Raises Clash, NotThere, Refused, StaleVersion."""
    async with uow:
        await uow.store(ActorStore).note(by)
        held, session = await _held(uow, referral_id, appointment_id)
        recorded = held.record_attendance(attendance, Mark(uow.now, by.id))
        return await uow.store(AppointmentStore).save(recorded), session


async def record_feedback(
    uow: UnitOfWork, referral_id: UUID, appointment_id: UUID, feedback: Feedback, *, by: Actor
) -> Held:
    """Note what the provider wrote about an appointment. Raises Clash, NotThere, StaleVersion."""
    async with uow:
        await uow.store(ActorStore).note(by)
        held, session = await _held(uow, referral_id, appointment_id)
        recorded = held.record_feedback(feedback, Mark(uow.now, by.id))
        return await uow.store(AppointmentStore).save(recorded), session


async def submit_feedback(ctx: Context, referral_id: UUID, appointment_id: UUID, *, by: Actor) -> Held:
    """Make the feedback on an appointment final and announce it.

    Raises Clash, Invalid, NotThere, NotYet, Refused, StaleVersion.
    """
    catalogue = await current_catalogue(ctx)
    async with ctx.uow as uow:
        await uow.store(ActorStore).note(by)
        referral = await uow.store(ReferralStore).get(referral_id)
        held, session = await _held(uow, referral_id, appointment_id)
        submitted = held.submit(Mark(uow.now, by.id))
        check([*outcome_problems(held.attendance, held.feedback)])
        _announce(uow, ctx, referral, referral.contract(catalogue), submitted, number=session.number)
        kept = await uow.store(AppointmentStore).save(submitted)
        await uow.store(SummaryStore).refresh(referral_id)
        return kept, session


async def _held(uow: UnitOfWork, referral_id: UUID, appointment_id: UUID) -> Held:
    held = await uow.store(AppointmentStore).get(appointment_id)
    if held.referral_id != referral_id or held.delivery_session_id is None or held.stale:
        raise no_appointment()
    return held, await uow.store(SessionStore).with_id(held.delivery_session_id)


def _announce(
    uow: UnitOfWork, ctx: Context, referral: Referral, contract: Contract, made: Appointment, *, number: int
) -> None:
    person = PersonReference.of(crn=referral.crn)
    path = f"/referral/{referral.id}/sessions/{number}"
    assert made.attendance_submitted is not None
    assert made.feedback_submitted is not None
    kind = SessionMissed if made.not_attended else SessionAttended
    uow.publish(
        kind(
            service_user_crn=referral.crn, referral_id=referral.id, person=person, detail_path=path,
            occurred_at=made.attendance_submitted.at,
        )
    )  # fmt: skip
    uow.publish(
        SessionFeedbackSubmitted(
            service_user_crn=referral.crn, referral_id=referral.id,
            referral_reference=referral.reference_number,
            contract_type_name=contract.type.name, prime_provider_name=contract.prime.name,
            delius_appointment_id=str(made.delius_appointment_id) if made.delius_appointment_id else None,
            referral_probation_user_url=pages(ctx).session_feedback(referral.id, number, made.id),
            person=person, detail_path=path, occurred_at=made.feedback_submitted.at,
        )
    )  # fmt: skip
