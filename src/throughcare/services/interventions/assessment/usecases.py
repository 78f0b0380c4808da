"""What a provider does about a supplier assessment."""

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
)
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.assessment.events import (
    AssessmentAttended,
    AssessmentFeedbackSubmitted,
    AssessmentMissed,
    AssessmentScheduled,
)
from throughcare.services.interventions.assessment.model import SupplierAssessment
from throughcare.services.interventions.assessment.store import AssessmentStore
from throughcare.services.interventions.booking.model import Request, appointment_id, outcome_problems
from throughcare.services.interventions.booking.usecases import Plan, Purpose, arrange, keep
from throughcare.services.interventions.catalogue.model import Contract
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import check
from throughcare.services.interventions.settings import pages


async def schedule_assessment(ctx: Context, referral_id: UUID, request: Request, *, by: Actor) -> Appointment:
    """Book the assessment, or move it while nothing is known of its outcome.

    Raises Clash (APPOINTMENT_ALREADY_DELIVERED), NotThere, and what ``booking.usecases.arrange`` raises.
    """
    referral, assessment = await _read(ctx, referral_id)
    return await _schedule(ctx, referral, assessment, request, moves=assessment.to_move(), by=by)


async def add_assessment_appointment(ctx: Context, referral_id: UUID, request: Request, *, by: Actor) -> Appointment:
    """Book a further appointment after one whose feedback is final.

    Raises Clash, Refused, NotThere, and what ``booking.usecases.arrange`` raises.
    """
    referral, assessment = await _read(ctx, referral_id)
    request = request.one_to_one()
    assessment.check_addition(request.booking)
    return await _schedule(ctx, referral, assessment, request, moves=None, by=by)


async def change_assessment_appointment(
    ctx: Context, referral_id: UUID, appointment_id: UUID, request: Request, *, by: Actor
) -> Appointment:
    """Move the current appointment.

    Raises Clash, Refused, NotThere, and what ``booking.usecases.arrange`` raises.
    """
    referral, assessment = await _read(ctx, referral_id)
    held = assessment.to_change(appointment_id, request.booking)
    return await _schedule(ctx, referral, assessment, request, moves=held, by=by)


async def record_attendance(uow: UnitOfWork, referral_id: UUID, attendance: Attendance, *, by: Actor) -> Appointment:
    """Note whether the person came to the current appointment.

    Raises Clash, NotThere, Refused, StaleVersion.
    """
    async with uow:
        await uow.store(ActorStore).note(by)
        held = (await uow.store(AssessmentStore).of_referral(referral_id)).to_record()
        recorded = held.record_attendance(attendance, Mark(uow.now, by.id))
        return await uow.store(AppointmentStore).save(recorded)


async def record_feedback(uow: UnitOfWork, referral_id: UUID, feedback: Feedback, *, by: Actor) -> Appointment:
    """Note what the provider wrote about the current appointment. Raises Clash, NotThere, StaleVersion."""
    async with uow:
        await uow.store(ActorStore).note(by)
        held = (await uow.store(AssessmentStore).of_referral(referral_id)).to_record()
        return await uow.store(AppointmentStore).save(held.record_feedback(feedback, Mark(uow.now, by.id)))


async def submit_feedback(ctx: Context, referral_id: UUID, *, by: Actor) -> Appointment:
    """Make the feedback on the current appointment final and announce it.

    Raises Clash, Invalid, NotThere, NotYet, Refused, StaleVersion.
    """
    catalogue = await current_catalogue(ctx)
    async with ctx.uow as uow:
        await uow.store(ActorStore).note(by)
        referral = await uow.store(ReferralStore).get(referral_id)
        held = (await uow.store(AssessmentStore).of_referral(referral_id)).to_record()
        submitted = held.submit(Mark(uow.now, by.id))
        check([*outcome_problems(held.attendance, held.feedback)])
        _announce(uow, ctx, referral, referral.contract(catalogue), submitted)
        return await uow.store(AppointmentStore).save(submitted)


async def _read(ctx: Context, referral_id: UUID) -> tuple[Referral, SupplierAssessment]:
    async with ctx.reading(AssessmentStore) as store:
        assessment = await store.of_referral(referral_id)
        referral = await ReferralStore(store.connection).get(referral_id)
    return referral, assessment


async def _schedule(
    ctx: Context, referral: Referral, assessment: SupplierAssessment, request: Request, *,
    moves: Appointment | None, by: Actor,
) -> Appointment:  # fmt: skip
    contract = referral.contract(await current_catalogue(ctx))
    blank = Appointment(
        appointment_id(assessment.id, assessment.version, request.booking), referral.id, assessment.version,
        request.booking, Mark(ctx.now, by.id), supplier_assessment_id=assessment.id,
    )  # fmt: skip
    page = pages(ctx).practitioner(referral.id, "supplier-assessment")
    purpose = Purpose("Supplier Assessment", counts_towards_rar=False, page=page)
    plan = Plan(referral, contract, purpose, request, blank, moves=moves, supersedes=moves)
    made = await arrange(ctx, plan, by=by)
    async with ctx.uow as uow:
        await uow.store(ActorStore).note(by)
        await uow.store(AssessmentStore).advance(assessment)
        await keep(uow, plan, made)
        uow.publish(
            AssessmentScheduled(
                referral_id=referral.id, appointment_id=made.id, person=PersonReference.of(crn=referral.crn)
            )
        )
        if made.feedback_final:
            _announce(uow, ctx, referral, contract, made)
        return await uow.store(AppointmentStore).get(made.id)


def _announce(uow: UnitOfWork, ctx: Context, referral: Referral, contract: Contract, made: Appointment) -> None:
    person = PersonReference.of(crn=referral.crn)
    path = f"/sent-referral/{referral.id}/supplier-assessment"
    assert made.attendance_submitted is not None
    assert made.feedback_submitted is not None
    kind = AssessmentMissed if made.not_attended else AssessmentAttended
    uow.publish(
        kind(
            service_user_crn=referral.crn, referral_id=referral.id, person=person, detail_path=path,
            occurred_at=made.attendance_submitted.at,
        )
    )  # fmt: skip
    uow.publish(
        AssessmentFeedbackSubmitted(
            service_user_crn=referral.crn, referral_id=referral.id,
            referral_reference=referral.reference_number,
            contract_type_name=contract.type.name, prime_provider_name=contract.prime.name,
            delius_appointment_id=str(made.delius_appointment_id) if made.delius_appointment_id else None,
            referral_probation_user_url=pages(ctx).assessment_feedback(referral.id), person=person,
            detail_path=path,
            occurred_at=made.feedback_submitted.at,
        )
    )  # fmt: skip
