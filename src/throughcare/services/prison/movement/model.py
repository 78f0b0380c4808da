"""Movements in and out of prison: an append-only log, the state that follows, and what may come next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from types import MappingProxyType

from throughcare.kit.errors import BadRequest, FieldError
from throughcare.services.prison.reference.model import (
    COURT,
    IN_TRANSIT,
    OUTSIDE,
    agencies,
    agency_name,
    imprisonment_statuses,
    movement_reasons,
    movement_types,
    prisons,
)

IN, OUT = "IN", "OUT"


class MovementRefused(BadRequest):
    """The prisoner is not where this movement begins (400)."""

    code = "MOVEMENT_REFUSED"
    title = "The prisoner cannot be moved like this"


class MovementTimeNotValid(BadRequest):
    """The movement would lie in the future, or before the one that it follows (400)."""

    code = "MOVEMENT_TIME_NOT_VALID"
    title = "The time of the movement is not valid"


class UnknownMovementReason(BadRequest):
    """The reason does not belong to this type of movement, or is no longer used (400)."""

    code = "UNKNOWN_MOVEMENT_REASON"
    title = "The movement reason is not known or no longer used"


class UnknownAgency(BadRequest):
    """There is no such prison or court, or it is closed, or nobody can be sent there like this (400)."""

    code = "UNKNOWN_AGENCY"
    title = "The prison or court is not known or closed"


class UnknownImprisonmentStatus(BadRequest):
    """The imprisonment status is not known or no longer used (400)."""

    code = "UNKNOWN_IMPRISONMENT_STATUS"
    title = "The imprisonment status is not known or no longer used"


class CellNotValid(BadRequest):
    """The cell does not lie in the prison (400)."""

    code = "CELL_NOT_VALID"
    title = "The cell is not one of this prison"


class Status(StrEnum):
    """Where somebody with a booking can be. Source: ministryofjustice/prison-api."""

    ACTIVE_IN = "ACTIVE IN"
    ACTIVE_OUT = "ACTIVE OUT"
    INACTIVE_OUT = "INACTIVE OUT"
    INACTIVE_TRN = "INACTIVE TRN"


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One entry of a prisoner's log; ``sequence`` counts from 1 over all their bookings."""

    prisoner_number: str
    sequence: int
    booking_id: int
    type: str
    reason: str
    direction: str
    from_agency: str | None
    to_agency: str | None
    to_city: str | None = None
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str
    escort: str | None = None
    comment: str | None = None


OUTCOMES: Mapping[tuple[str, str], Status] = MappingProxyType(
    {
        ("ADM", IN): Status.ACTIVE_IN,
        ("CRT", IN): Status.ACTIVE_IN,
        ("TAP", IN): Status.ACTIVE_IN,
        ("CRT", OUT): Status.ACTIVE_OUT,
        ("TAP", OUT): Status.ACTIVE_OUT,
        ("TRN", OUT): Status.INACTIVE_TRN,
        ("REL", OUT): Status.INACTIVE_OUT,
    }
)


@dataclass(frozen=True)
class Custody:
    """Where a log leaves somebody: nowhere yet when there is no movement."""

    status: Status | None = None
    agency_id: str | None = None
    last_prison_id: str | None = None
    last: Movement | None = None

    @property
    def active(self) -> bool:
        """Whether the booking is active."""
        return self.status in {Status.ACTIVE_IN, Status.ACTIVE_OUT}

    @property
    def in_out(self) -> str | None:
        """``IN``, ``OUT`` or ``TRN``."""
        return self.status.split()[1] if self.status else None

    @property
    def escaped(self) -> bool:
        """Whether they left without leave."""
        return self.last is not None and movement_reasons()[self.last.type, self.last.reason].escape

    @property
    def location(self) -> str:
        """Where they are, for people to read. Source: ministryofjustice/prison-api."""
        if self.status is Status.ACTIVE_IN:
            return agency_name(self.agency_id) or "Outside"
        if self.last is None:
            return "Outside"
        if self.status is Status.INACTIVE_OUT:
            return f"Outside - released from {agency_name(self.last_prison_id)}"
        return f"Outside - {movement_types()[self.last.type].description}"


def custody_after(last: Movement | None) -> Custody:
    """The state that a log leaves whose last entry is ``last``."""
    if last is None:
        return Custody()
    status = OUTCOMES[last.type, last.direction]
    prison = last.to_agency if last.direction == IN else last.from_agency
    pseudo = {Status.INACTIVE_OUT: OUTSIDE, Status.INACTIVE_TRN: IN_TRANSIT}
    return Custody(status, pseudo.get(status, prison), prison, last)


def last_admission(log: Sequence[Movement]) -> Movement | None:
    """The newest admission, from outside or from another prison. Source: ministryofjustice/prison-api."""
    entered = [one for one in log if one.type == "ADM"]
    return entered[-1] if entered else None


def previous_prison(log: Sequence[Movement]) -> Movement | None:
    """How somebody with an active booking left the prison that they were in before; None without one.

    The newest movement of the booking out of another prison than theirs. Source: ministryofjustice/prison-api.
    """
    custody = custody_after(log[-1] if log else None)
    if custody.last is None or not custody.active:
        return None
    left = [
        one
        for one in log
        if one.booking_id == custody.last.booking_id
        and one.direction == OUT
        and one.from_agency in prisons()
        and one.from_agency != custody.agency_id
    ]
    return left[-1] if left else None


class Action(Enum):
    """What can be done to somebody's whereabouts."""

    ADMIT = "admit"
    RECALL = "recall"
    RELEASE = "release"
    TRANSFER_OUT = "transfer out"
    TRANSFER_IN = "transfer in"
    COURT_OUT = "send to court"
    COURT_IN = "return from court"
    COURT_IN_ELSEWHERE = "return from court to another prison"
    ABSENCE_OUT = "begin a temporary absence"
    ABSENCE_IN = "return from a temporary absence"
    ABSENCE_IN_ELSEWHERE = "return from a temporary absence to another prison"


@dataclass(frozen=True)
class Transition:
    """One row of the state machine: what it needs, the movement that it records, and why it is refused.

    ``last_type`` is what the last movement must have been; ``reason`` is set where the caller has no choice.
    """

    needs: frozenset[Status | None]
    type: str
    direction: str
    refusal: str
    last_type: str | None = None
    reason: str | None = None
    not_after_escape: bool = False

    def check(self, custody: Custody) -> None:
        """Let the transition pass that ``custody`` allows. Raises MovementRefused."""
        where_needed = custody.status in self.needs
        after_needed = self.last_type is None or (custody.last is not None and custody.last.type == self.last_type)
        if not where_needed or not after_needed:
            raise MovementRefused(self.refusal)
        if self.not_after_escape and custody.escaped:
            raise MovementRefused("the prisoner escaped: recall them on their booking", code="PRISONER_ESCAPED")


_INSIDE, _RELEASED = frozenset({Status.ACTIVE_IN}), frozenset({Status.INACTIVE_OUT})
_OUT, _MOVING = frozenset({Status.ACTIVE_OUT}), frozenset({Status.INACTIVE_TRN})
_NOT_INSIDE = "the prisoner is not currently in prison"
_NOT_AT_COURT, _NOT_ABSENT = (
    "the prisoner is not currently at court",
    "the prisoner is not currently on temporary absence",
)

TRANSITIONS: Mapping[Action, Transition] = MappingProxyType(
    {
        Action.ADMIT: Transition(
            _RELEASED | {None}, "ADM", IN, "the prisoner is currently active or in transit",
            not_after_escape=True,
        ),
        Action.RECALL: Transition(_RELEASED, "ADM", IN, "the prisoner is not currently out"),
        Action.RELEASE: Transition(_INSIDE, "REL", OUT, _NOT_INSIDE),
        Action.TRANSFER_OUT: Transition(_INSIDE, "TRN", OUT, _NOT_INSIDE),
        Action.TRANSFER_IN: Transition(
            _MOVING, "ADM", IN, "the prisoner is not currently being transferred", reason="INT"
        ),
        Action.COURT_OUT: Transition(_INSIDE, "CRT", OUT, _NOT_INSIDE),
        Action.COURT_IN: Transition(_OUT, "CRT", IN, _NOT_AT_COURT, last_type="CRT"),
        Action.COURT_IN_ELSEWHERE: Transition(
            _OUT, "ADM", IN, _NOT_AT_COURT, last_type="CRT", reason="TRNCRT"
        ),
        Action.ABSENCE_OUT: Transition(_INSIDE, "TAP", OUT, _NOT_INSIDE),
        Action.ABSENCE_IN: Transition(_OUT, "TAP", IN, _NOT_ABSENT, last_type="TAP"),
        Action.ABSENCE_IN_ELSEWHERE: Transition(
            _OUT, "ADM", IN, _NOT_ABSENT, last_type="TAP", reason="TRNTAP"
        ),
    }
)  # fmt: skip


def check_time(moment: datetime, now: datetime, last: Movement | None) -> None:
    """Let times pass that lie between the last movement and now. Raises MovementTimeNotValid."""
    if moment > now:
        raise MovementTimeNotValid("the movement cannot be in the future")
    if last is not None and moment < last.occurred_at:
        raise MovementTimeNotValid("the movement cannot be before the previous active movement")


def check_reason(movement_type: str, reason: str, field: str) -> None:
    """Let reasons pass that are in use for the type. Raises UnknownMovementReason, naming ``field``."""
    known = movement_reasons().get((movement_type, reason))
    if known is None or not known.active:
        raise _at(field, UnknownMovementReason)


def check_prison(agency_id: str, field: str) -> None:
    """Let open prisons pass. Raises UnknownAgency, naming ``field``."""
    known = prisons().get(agency_id)
    if known is None or not known.active:
        raise _at(field, UnknownAgency, "the prison is not known or closed")


def check_court(agency_id: str, field: str) -> None:
    """Let courts pass. Raises UnknownAgency, naming ``field``."""
    known = agencies().get(agency_id)
    if known is None or known.agency_type != COURT:
        raise _at(field, UnknownAgency, "the court is not known")


def check_origin(agency_id: str, field: str) -> None:
    """Let agencies pass that somebody can come from: any but transit. Raises UnknownAgency, naming ``field``."""
    if agency_id not in agencies() or agency_id == IN_TRANSIT:
        raise _at(field, UnknownAgency)


def check_imprisonment_status(code: str, field: str) -> None:
    """Let statuses pass that are in use. Raises UnknownImprisonmentStatus, naming ``field``."""
    known = imprisonment_statuses().get(code)
    if known is None or not known.active:
        raise _at(field, UnknownImprisonmentStatus)


def place_in(agency_id: str, cell: str | None, default: str) -> str:
    """The part of a cell's key after the prison's id (``LEI-1-2-003`` → ``1-2-003``). Raises CellNotValid."""
    if cell is None:
        return default
    prison, _, place = cell.partition("-")
    if prison != agency_id or not place:
        raise _at("cellLocation", CellNotValid)
    return place


def _at(field: str, kind: type[BadRequest], message: str | None = None) -> BadRequest:
    return kind(message, errors=[FieldError(field, kind.code, message or kind.title)])
