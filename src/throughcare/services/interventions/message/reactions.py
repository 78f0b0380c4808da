"""Writes to people about what happened. A recipient who cannot be looked up now is looked up later."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, reaction
from throughcare.services.interventions.actor.model import Actor, Kind
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.changelog.model import Topic
from throughcare.services.interventions.message import model
from throughcare.services.interventions.message.usecases import (
    find_address,
    find_contact,
    find_officer,
    request_addressed,
    request_mails,
)
from throughcare.services.interventions.message.views import MessageViews
from throughcare.services.interventions.naming.usecases import full_names
from throughcare.services.interventions.progress.model import WithdrawalState
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.settings import pages


class ReferralAssigned(Reads, types=["intervention.referral.assigned"]):
    """A caseworker was assigned."""

    referral_id: UUID
    assigned_to: str


class AssessmentScheduled(Reads, types=["interventions.supplier-assessment.scheduled"]):
    """A supplier assessment was booked or moved."""

    referral_id: UUID


class FeedbackSubmitted(
    Reads,
    types=[
        "intervention.initial-assessment-appointment.session-feedback-submitted",
        "intervention.session-appointment.session-feedback-submitted",
    ],
):
    """Feedback on an appointment is final."""

    referral_id: UUID
    delius_appointment_id: int


class PlanSubmitted(Reads, types=["intervention.action-plan.submitted"]):
    """An action plan was submitted."""

    referral_id: UUID


class PlanApproved(Reads, types=["intervention.action-plan.approved"]):
    """An action plan was approved."""

    referral_id: UUID
    action_plan_id: UUID


class ReportSubmitted(Reads, types=["intervention.end-of-service-report.submitted"]):
    """An end of service report was submitted."""

    end_of_service_report_id: UUID


class ReferralConcluded(Reads, types=["intervention.referral.concluded"]):
    """No further work is due."""

    referral_id: UUID
    delivery_state: str


class ReferralAmended(Reads, types=["interventions.referral.amended"]):
    """Part of a sent referral was changed."""

    referral_id: UUID
    changelog_id: UUID


class CaseNoteSent(Reads, types=["interventions.case-note.sent"]):
    """One side wrote to the other."""

    referral_id: UUID
    case_note_id: UUID
    tell_officer: bool


@reaction(ReferralAssigned)
async def on_referral_assigned(event: ReferralAssigned, ctx: Context) -> None:
    """Tell the caseworker."""
    referral = await _referral(ctx, event.referral_id)
    to = await find_contact(ctx, Actor("", Kind.PROVIDER.value, event.assigned_to))
    mail = model.referral_assigned(referral, pages(ctx), first_name=to.first_name)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id, about=referral.id)


@reaction(AssessmentScheduled)
async def on_assessment_scheduled(event: AssessmentScheduled, ctx: Context) -> None:
    """Tell the responsible officer."""
    referral = await _referral(ctx, event.referral_id)
    to = await find_officer(ctx, referral)
    mail = model.assessment_scheduled(referral, pages(ctx), first_name=to.first_name)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id, about=referral.id)


@reaction(FeedbackSubmitted)
async def on_feedback_submitted(event: FeedbackSubmitted, ctx: Context) -> None:
    """Tell the responsible officer of absence, poor behaviour and concerns; nothing when there was none."""
    async with ctx.reading(MessageViews) as views:
        account = await views.account(event.referral_id, event.delius_appointment_id, pages(ctx))
    if account is None:
        raise Reject("there is no such appointment")
    referral = await _referral(ctx, event.referral_id)
    if model.feedback_submitted(referral, account, first_name=""):
        to = await find_officer(ctx, referral)
        mails = model.feedback_submitted(referral, account, first_name=to.first_name)
        await request_mails(ctx, mails, to=to, event_id=event.event_id, about=referral.id)


@reaction(PlanSubmitted)
async def on_plan_submitted(event: PlanSubmitted, ctx: Context) -> None:
    """Tell the responsible officer."""
    referral = await _referral(ctx, event.referral_id)
    to = await find_officer(ctx, referral)
    mail = model.plan_submitted(referral, pages(ctx), first_name=to.first_name)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id, about=referral.id)


@reaction(PlanApproved)
async def on_plan_approved(event: PlanApproved, ctx: Context) -> None:
    """Tell the user who submitted the plan."""
    async with ctx.reading(MessageViews) as views:
        submitter = await views.submitter(event.action_plan_id)
    if submitter is None:
        raise Reject("the plan was not submitted")
    referral = await _referral(ctx, event.referral_id)
    to = await find_contact(ctx, submitter)
    mail = model.plan_approved(referral, pages(ctx), first_name=to.first_name)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id, about=referral.id)


@reaction(ReportSubmitted)
async def on_report_submitted(event: ReportSubmitted, ctx: Context) -> None:
    """Tell the responsible officer."""
    report_id = event.end_of_service_report_id
    async with ctx.reading(MessageViews) as views:
        referral = await views.referral_of_report(report_id)
    to = await find_officer(ctx, referral)
    mail = model.report_submitted(referral, report_id, pages(ctx), first_name=to.first_name)
    await request_mails(ctx, [mail], to=to, event_id=event.event_id, about=referral.id)


@reaction(ReferralConcluded)
async def on_referral_concluded(event: ReferralConcluded, ctx: Context) -> None:
    """Tell the caseworker of a withdrawal; nothing when the referral ran its course or nobody works on it."""
    referral = await _referral(ctx, event.referral_id)
    requested, assigned = referral.withdrawal, referral.assignment
    if requested is None or requested.code is None or assigned is None:
        return
    async with ctx.reading(MessageViews) as views:
        delivery = await views.delivery(referral.id)
        caseworker = await views.actor(assigned.assigned_to)
        practitioner = await views.actor(requested.requested_by)
    state = delivery.as_of(requested.requested_at).withdrawal_made(requested.code)
    if state is WithdrawalState.PRE_ICA_WITHDRAWAL and event.delivery_state != "CANCELLED":
        return
    to, changed_by = await find_contact(ctx, caseworker), await find_contact(ctx, practitioner)
    reason, _ = (await current_catalogue(ctx)).withdrawal_reasons[requested.code]
    mail = model.referral_withdrawn(
        referral, state, first_name=to.first_name, changed_by=changed_by.first_name, reason=reason
    )
    await request_mails(ctx, [mail], to=to, event_id=event.event_id, about=referral.id)


@reaction(ReferralAmended)
async def on_referral_amended(event: ReferralAmended, ctx: Context) -> None:
    """Tell the caseworker, and of a deadline also the responsible officer unless the change is theirs."""
    referral = await _referral(ctx, event.referral_id)
    if referral.assignment is None:
        return
    async with ctx.reading(MessageViews) as views:
        entry = await views.change(event.changelog_id)
        caseworker = await views.actor(referral.assignment.assigned_to)
        practitioner = await views.actor(entry.changed.by)
    change, changed_by = entry.change, (await full_names(ctx, [practitioner.id]))[practitioner.id]
    recipients = [(await find_contact(ctx, caseworker), pages(ctx).provider(referral.id))]
    if change.topic is Topic.COMPLETION_DATETIME:
        officer = await find_officer(ctx, referral)
        if officer.email != await find_address(ctx, practitioner):
            recipients.append((officer, pages(ctx).practitioner(referral.id)))
    mails = [
        (model.referral_amended(referral, change, page, first_name=to.first_name, changed_by=changed_by), to)
        for to, page in recipients
    ]
    await request_addressed(ctx, mails, event_id=event.event_id, about=referral.id)


@reaction(CaseNoteSent)
async def on_case_note_sent(event: CaseNoteSent, ctx: Context) -> None:
    """Tell the caseworker and the responsible officer, but nobody of what they wrote themselves."""
    referral = await _referral(ctx, event.referral_id)
    async with ctx.reading(MessageViews) as views:
        sender = await views.sender(event.case_note_id)
        assigned = referral.assignment and await views.actor(referral.assignment.assigned_to)
    mails = []
    if assigned and assigned.id != sender.id:
        to, page = await find_contact(ctx, assigned), pages(ctx).case_note(event.case_note_id, for_provider=True)
        mails.append((model.case_note_sent(referral, page, first_name=to.first_name), to))
    if event.tell_officer:
        to, page = await find_officer(ctx, referral), pages(ctx).case_note(event.case_note_id, for_provider=False)
        if to.email != await find_address(ctx, sender):
            mails.append((model.case_note_sent_to_officer(referral, page, first_name=to.first_name), to))
    await request_addressed(ctx, mails, event_id=event.event_id, about=referral.id)


async def _referral(ctx: Context, referral_id: UUID) -> Referral:
    async with ctx.reading(MessageViews) as views:
        return await views.referral(referral_id)
