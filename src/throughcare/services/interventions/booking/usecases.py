"""Makes an appointment: the probation case record is told first, then it is kept here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.http.peer import PeerRefused, PeerUnavailable
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.appointment.model import NO, Appointment, Mark
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.booking.model import Request, check_request
from throughcare.services.interventions.booking.store import BookingStore
from throughcare.services.interventions.catalogue.model import Contract
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.refusal.model import passed_on

EXTERNAL_LOCATION = "CRSEXTL"


@dataclass(frozen=True)
class Purpose:
    """What an appointment is for, as the case record distinguishes it."""

    name: str
    counts_towards_rar: bool
    page: str


@dataclass(frozen=True)
class Plan:
    """An appointment to be made: for which referral, of which assessment or session, in place of which other.

    ``moves`` is the appointment that the case record is to move; ``supersedes`` the one that becomes history
    here.
    """

    referral: Referral
    contract: Contract
    purpose: Purpose
    request: Request
    blank: Appointment
    moves: Appointment | None = None
    supersedes: Appointment | None = None

    @property
    def owner_id(self) -> UUID:
        """The assessment or session."""
        owner = self.blank.supplier_assessment_id or self.blank.delivery_session_id
        assert owner is not None
        return owner

    @property
    def stays(self) -> bool:
        """Whether only the manner of meeting changes, which the case record does not keep."""
        return self.moves is not None and self.moves.booking.same_place_and_time(self.request.booking)


async def arrange(ctx: Context, plan: Plan, *, by: Actor) -> Appointment:
    """The appointment as it will be kept, already in the case record; final when the request says what
    happened.

    One booking of an assessment or session is made at a time. One whose answer was lost is not forgotten: the next
    takes its place in the case record too.

    Raises Invalid, Refused, Clash (APPOINTMENT_CLASH) when the person has another appointment then,
    BOOKING_REFUSED with the case record's status when it does not take it, PeerUnavailable, StaleVersion.
    """
    request = plan.request
    check_request(request, sent_at=plan.referral.sent_at, now=ctx.now)
    async with ctx.new_uow() as uow:
        earlier = await uow.store(BookingStore).take(plan.owner_id, plan.blank.ordinal, plan.blank.id)
    if plan.stays and plan.moves is not None and earlier is None:
        made = replace(plan.moves, booking=request.booking)
    else:
        made = replace(plan.blank, delius_appointment_id=await _book(ctx, plan, earlier))
    if request.attendance is None or request.feedback is None:
        return made
    return made.account(request.attendance, request.feedback, Mark(ctx.now, by.id))


async def keep(uow: UnitOfWork, plan: Plan, made: Appointment) -> None:
    """Keep an arranged appointment and make the one that it takes the place of history.

    Raises StaleVersion.
    """
    store = uow.store(AppointmentStore)
    await uow.store(BookingStore).note_kept(plan.owner_id, plan.blank.ordinal)
    if plan.moves is not None and made.id == plan.moves.id:
        await store.save(made)
        return
    await store.add(made)
    if plan.supersedes is not None:
        request = plan.request
        old = plan.supersedes.replaced_by(
            made.id, requested_by=request.reschedule_requested_by, reason=request.rescheduled_reason
        )
        await store.save(old)


async def _book(ctx: Context, plan: Plan, earlier: UUID | None) -> int:
    """The number of the appointment in the case record, in place of ``earlier`` if that got there."""
    try:
        return await _tell(ctx, plan, earlier)
    except PeerRefused as refused:
        clash = refused.peer_status == 409
        await _give_back(ctx, plan, earlier)
        raise passed_on(refused.peer_status, code="APPOINTMENT_CLASH" if clash else "BOOKING_REFUSED") from None
    except PeerUnavailable:
        await _give_back(ctx, plan, plan.blank.id)
        raise


async def _give_back(ctx: Context, plan: Plan, left: UUID | None) -> None:
    async with ctx.new_uow() as uow:
        await uow.store(BookingStore).give_back(plan.owner_id, plan.blank.id, left=left)


async def _tell(ctx: Context, plan: Plan, earlier: UUID | None) -> int:
    referral, booking, moves = plan.referral, plan.request.booking, plan.moves
    previous = earlier or (moves.id if moves else None)
    body = {
        "id": str(plan.blank.id),
        "referralId": str(referral.id),
        "referralReference": referral.reference_number,
        "serviceUserCrn": referral.crn,
        "sentenceId": referral.relevant_sentence_id,
        "start": booking.appointment_time.isoformat(),
        "durationInMinutes": booking.duration_in_minutes,
        "notes": _notes(plan),
        "officeLocationCode": booking.nps_office_code or EXTERNAL_LOCATION,
        "countsTowardsRar": plan.purpose.counts_towards_rar,
        "outcome": _outcome(plan.request),
        "previousId": str(previous) if previous else None,
        "deliusId": moves.delius_appointment_id if moves else None,
        "rescheduleRequestedBy": plan.request.reschedule_requested_by if moves else None,
    }
    return await ctx.peer(ProbationPeer).book(referral.crn, referral.id, body)


def _notes(plan: Plan) -> str:
    contract, reference = plan.contract, plan.referral.reference_number
    what = f"{plan.purpose.name} appointment for {contract.type.name} referral {reference}"
    return f"{what} with prime provider {contract.prime.name}\n{plan.purpose.page}"


def _outcome(request: Request) -> dict[str, object] | None:
    if request.attendance is None or request.feedback is None:
        return None
    attendance, feedback = request.attendance, request.feedback
    return {
        "attended": attendance.attended,
        "didSessionHappen": attendance.did_session_happen,
        "noSessionReasonType": feedback.no_session_reason_type,
        "notifyProbationPractitionerOfAttendanceFailure": attendance.attended == NO,
        "notifyProbationPractitionerOfBehaviour": bool(feedback.notify_probation_practitioner_of_behaviour),
        "notifyProbationPractitionerOfConcerns": bool(feedback.notify_probation_practitioner_of_concerns),
    }
