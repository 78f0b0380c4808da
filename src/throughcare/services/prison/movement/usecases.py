"""What moves people in and out of prison. A use case is a row of the state machine, in one transaction.

Source of the rules: ministryofjustice/prison-api, receptions, releases and transfers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.prison.booking.model import AT_COURT, ON_ABSENCE, RECEPTION, Booking, HeldFor
from throughcare.services.prison.booking.store import BookingStore
from throughcare.services.prison.movement.events import BookingClosed, BookingOpened, MovementRecorded
from throughcare.services.prison.movement.model import (
    TRANSITIONS,
    Action,
    Custody,
    Movement,
    Transition,
    UnknownAgency,
    check_court,
    check_imprisonment_status,
    check_origin,
    check_prison,
    check_reason,
    check_time,
    custody_after,
    place_in,
)
from throughcare.services.prison.movement.schemas import (
    RequestForNewBooking,
    RequestToRecall,
    RequestToRelease,
    RequestToReturn,
    RequestToTransferIn,
    RequestToTransferOut,
    RequestToTransferOutToCourt,
    RequestToTransferOutToTemporaryAbsence,
)
from throughcare.services.prison.movement.store import MovementStore
from throughcare.services.prison.numbering.model import book_number
from throughcare.services.prison.person.store import PersonStore
from throughcare.services.prison.reference.model import OUTSIDE, check_all


@dataclass(frozen=True)
class Step:
    """A transition under way for one prisoner, who is locked."""

    uow: UnitOfWork
    number: str
    by: Principal
    transition: Transition
    at: datetime
    custody: Custody
    booking: Booking | None

    @property
    def open_booking(self) -> Booking:
        """The booking that the transition continues."""
        assert self.booking is not None, "every action but an admission follows a movement, which has a booking"
        return self.booking


async def admit_prisoner(uow: UnitOfWork, number: str, wanted: RequestForNewBooking, *, by: Principal) -> None:
    """Receive somebody on a new booking.

    Raises PrisonerNotFound, MovementRefused, MovementTimeNotValid, UnknownAgency, UnknownMovementReason,
    UnknownImprisonmentStatus, CellNotValid.
    """
    cell = _check_admission(wanted)
    async with uow:
        step = await _begin(uow, number, Action.ADMIT, wanted.booking_in_time, by)
        booking_id = await uow.store(BookingStore).next_id()
        opened = Booking(
            booking_id, number, book_number(booking_id), step.at, None, cell, wanted.youth_offender,
            uow.now, by.principal_name,
        )  # fmt: skip
        await uow.store(BookingStore).add(opened)
        await _receive(step, opened, wanted)


async def recall_prisoner(uow: UnitOfWork, number: str, wanted: RequestToRecall, *, by: Principal) -> None:
    """Receive somebody again on the booking that was closed last. Raises as ``admit_prisoner`` does."""
    cell = _check_admission(wanted)
    async with uow:
        step = await _begin(uow, number, Action.RECALL, wanted.recall_time, by)
        opened = replace(
            step.open_booking, ended_at=None, cell=cell,
            youth_offender=wanted.youth_offender or step.open_booking.youth_offender,
        )  # fmt: skip
        await uow.store(BookingStore).save(opened)
        await _receive(step, opened, wanted)


async def release_prisoner(uow: UnitOfWork, number: str, wanted: RequestToRelease, *, by: Principal) -> None:
    """Let somebody go, which closes their booking.

    Raises PrisonerNotFound, MovementRefused, MovementTimeNotValid, UnknownMovementReason.
    """
    check_reason(TRANSITIONS[Action.RELEASE].type, wanted.movement_reason_code, "movementReasonCode")
    async with uow:
        step = await _begin(uow, number, Action.RELEASE, wanted.release_time, by)
        closed = replace(step.open_booking, ended_at=step.at, cell=None)
        await uow.store(BookingStore).save(closed)
        await _record(
            step, closed, reason=wanted.movement_reason_code, comment=wanted.comment_text,
            from_agency=step.custody.agency_id, to_agency=OUTSIDE,
        )  # fmt: skip
        uow.publish(BookingClosed(noms_number=number, booking_id=closed.booking_id, **_about(number, step.at)))


async def transfer_out(uow: UnitOfWork, number: str, wanted: RequestToTransferOut, *, by: Principal) -> None:
    """Send somebody to another prison.

    Raises PrisonerNotFound, MovementRefused, MovementTimeNotValid, UnknownAgency, UnknownMovementReason.
    """
    check_all(
        lambda: check_prison(wanted.to_location, "toLocation"),
        lambda: _check_transfer_reason(Action.TRANSFER_OUT, wanted),
    )
    async with uow:
        step = await _begin(uow, number, Action.TRANSFER_OUT, wanted.movement_time, by)
        if wanted.to_location == step.custody.agency_id:
            raise UnknownAgency("a transfer goes to another prison")
        await _leave(step, wanted, place=None, to_agency=wanted.to_location)


async def transfer_in(uow: UnitOfWork, number: str, wanted: RequestToTransferIn, *, by: Principal) -> None:
    """Receive somebody at the prison that they were sent to.

    Raises PrisonerNotFound, MovementRefused, MovementTimeNotValid, CellNotValid.
    """
    async with uow:
        step = await _begin(uow, number, Action.TRANSFER_IN, wanted.receive_time, by)
        assert step.custody.last is not None, "the transition needs somebody in transit"
        sent = step.custody.last
        assert sent.to_agency is not None, "a transfer out names where it goes"
        place = place_in(sent.to_agency, wanted.cell_location, RECEPTION)
        await _return(step, place, from_agency=sent.from_agency, to_agency=sent.to_agency, comment=wanted.comment_text)


async def send_to_court(uow: UnitOfWork, number: str, wanted: RequestToTransferOutToCourt, *, by: Principal) -> None:
    """Send somebody to court for a while. Raises as ``transfer_out`` does."""
    check_all(
        lambda: check_court(wanted.to_location, "toLocation"),
        lambda: _check_transfer_reason(Action.COURT_OUT, wanted),
    )
    async with uow:
        step = await _begin(uow, number, Action.COURT_OUT, wanted.movement_time, by)
        place = AT_COURT if wanted.should_release_bed else step.open_booking.cell
        await _leave(step, wanted, place=place, to_agency=wanted.to_location)


async def begin_temporary_absence(
    uow: UnitOfWork, number: str, wanted: RequestToTransferOutToTemporaryAbsence, *, by: Principal
) -> None:
    """Let somebody out for a while.

    Raises PrisonerNotFound, MovementRefused, MovementTimeNotValid, UnknownMovementReason.
    """
    _check_transfer_reason(Action.ABSENCE_OUT, wanted)
    async with uow:
        step = await _begin(uow, number, Action.ABSENCE_OUT, wanted.movement_time, by)
        place = ON_ABSENCE if wanted.should_release_bed else step.open_booking.cell
        await _leave(step, wanted, place=place, to_agency=None, to_city=wanted.to_city)


async def return_from_court(uow: UnitOfWork, number: str, wanted: RequestToReturn, *, by: Principal) -> None:
    """Receive somebody back from court, at their prison or at another.

    Raises PrisonerNotFound, MovementRefused, MovementTimeNotValid, UnknownAgency, UnknownMovementReason.
    """
    await _come_back(uow, number, wanted, (Action.COURT_IN, Action.COURT_IN_ELSEWHERE), by)


async def return_from_temporary_absence(
    uow: UnitOfWork, number: str, wanted: RequestToReturn, *, by: Principal
) -> None:
    """Receive somebody back from a temporary absence. Raises as ``return_from_court`` does."""
    await _come_back(uow, number, wanted, (Action.ABSENCE_IN, Action.ABSENCE_IN_ELSEWHERE), by)


async def _come_back(
    uow: UnitOfWork, number: str, wanted: RequestToReturn, actions: tuple[Action, Action], by: Principal
) -> None:
    here, elsewhere = actions
    given = wanted.movement_reason_code
    checks = [partial(check_prison, wanted.agency_id, "agencyId")]
    if given is not None:
        checks.append(partial(check_reason, TRANSITIONS[here].type, given, "movementReasonCode"))
    check_all(*checks)
    async with uow:
        step = await _begin(uow, number, here, wanted.date_time, by)
        went_out = step.custody.last
        assert went_out is not None, "the transition needs somebody who went out"
        place = step.open_booking.cell
        if wanted.agency_id != step.custody.agency_id:
            step, place = replace(step, transition=TRANSITIONS[elsewhere]), RECEPTION
        elif place in {AT_COURT, ON_ABSENCE}:
            place = RECEPTION
        await _return(
            step, place, reason=given or went_out.reason,
            from_agency=went_out.to_agency, to_agency=wanted.agency_id, comment=wanted.comment_text,
        )  # fmt: skip


async def _begin(uow: UnitOfWork, number: str, action: Action, at: datetime | None, by: Principal) -> Step:
    """Lock the prisoner and check that the action is allowed now, and at the time given."""
    await uow.store(PersonStore).touch(number)
    custody = custody_after(await uow.store(MovementStore).last(number))
    moment = at or uow.now
    TRANSITIONS[action].check(custody)
    check_time(moment, uow.now, custody.last)
    booking = await uow.store(BookingStore).latest(number)
    return Step(uow, number, by, TRANSITIONS[action], moment, custody, booking)


def _check_admission(wanted: RequestForNewBooking | RequestToRecall) -> str:
    check_all(
        lambda: check_prison(wanted.prison_id, "prisonId"),
        lambda: check_origin(wanted.from_location_id, "fromLocationId"),
        lambda: check_reason(TRANSITIONS[Action.ADMIT].type, wanted.movement_reason_code, "movementReasonCode"),
        lambda: check_imprisonment_status(wanted.imprisonment_status, "imprisonmentStatus"),
        lambda: place_in(wanted.prison_id, wanted.cell_location, RECEPTION),
    )
    return place_in(wanted.prison_id, wanted.cell_location, RECEPTION)


def _check_transfer_reason(
    action: Action, wanted: RequestToTransferOut | RequestToTransferOutToTemporaryAbsence
) -> None:
    check_reason(TRANSITIONS[action].type, wanted.transfer_reason_code, "transferReasonCode")


async def _receive(step: Step, opened: Booking, wanted: RequestForNewBooking | RequestToRecall) -> None:
    uow, number = step.uow, step.number
    uow.publish(BookingOpened(noms_number=number, booking_id=opened.booking_id, **_about(number, step.at)))
    held = HeldFor(opened.booking_id, 0, wanted.imprisonment_status, step.at, wanted.prison_id)
    await uow.store(BookingStore).add_held_for(held)
    await _record(
        step, opened, reason=wanted.movement_reason_code,
        from_agency=wanted.from_location_id, to_agency=wanted.prison_id,
    )  # fmt: skip


async def _leave(
    step: Step, wanted: RequestToTransferOut | RequestToTransferOutToTemporaryAbsence, *,
    place: str | None, to_agency: str | None, to_city: str | None = None,
) -> None:  # fmt: skip
    left = replace(step.open_booking, cell=place)
    await step.uow.store(BookingStore).save(left)
    await _record(
        step, left, reason=wanted.transfer_reason_code, from_agency=step.custody.agency_id,
        to_agency=to_agency, to_city=to_city, escort=wanted.escort_type, comment=wanted.comment_text,
    )  # fmt: skip


async def _return(step: Step, place: str | None, **facts: Any) -> None:
    back = replace(step.open_booking, cell=place)
    await step.uow.store(BookingStore).save(back)
    await _record(step, back, **facts)


async def _record(
    step: Step, booking: Booking, *, reason: str = "", from_agency: str | None, to_agency: str | None,
    to_city: str | None = None, escort: str | None = None, comment: str | None = None,
) -> None:  # fmt: skip
    """Append the transition's movement to the log and announce it."""
    one = Movement(
        prisoner_number=step.number, sequence=step.custody.last.sequence + 1 if step.custody.last else 1,
        booking_id=booking.booking_id, type=step.transition.type, reason=step.transition.reason or reason,
        direction=step.transition.direction,
        from_agency=from_agency, to_agency=to_agency, to_city=to_city, occurred_at=step.at,
        recorded_at=step.uow.now, recorded_by=step.by.principal_name, escort=escort, comment=comment,
    )  # fmt: skip
    await step.uow.store(MovementStore).add(one)
    step.uow.publish(
        MovementRecorded(
            noms_number=step.number, booking_id=one.booking_id, movement_type=one.type,
            movement_reason=one.reason, direction=one.direction, from_agency=one.from_agency,
            to_agency=one.to_agency, sequence=one.sequence, **_about(step.number, step.at),
        )
    )  # fmt: skip


def _about(number: str, at: datetime) -> dict[str, Any]:
    return {
        "person": PersonReference.of(noms=number),
        "occurred_at": london(at),
        "detail_path": f"/api/offenders/{number}",
    }
