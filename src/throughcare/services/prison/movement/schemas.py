"""What is said about movements over the wire. Times without a zone are London's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from throughcare.kit.clock import LONDON, london
from throughcare.kit.web.schemas import LocalClock, LocalDateTime, Moment, Wire
from throughcare.services.prison.movement.model import Movement
from throughcare.services.prison.reference.model import OUTSIDE, agency_name, movement_reasons, movement_types


def _in_london(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 9000:
        raise ValueError("the year must lie between 1900 and 9000")
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


LocalTime = Annotated[Moment, AfterValidator(_in_london)]
AgencyId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{2,6}$")]
ReasonCode = Annotated[str, StringConstraints(min_length=1, max_length=12)]
Cell = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)+$", max_length=240)]
Comment = Annotated[str, StringConstraints(max_length=240)]


class Admission(Wire):
    """What an admission and a recall have in common."""

    prison_id: AgencyId
    from_location_id: AgencyId = OUTSIDE
    movement_reason_code: ReasonCode
    imprisonment_status: ReasonCode
    cell_location: Cell | None = None
    youth_offender: bool = False


class RequestForNewBooking(Admission):
    """An admission on a new booking."""

    booking_in_time: LocalTime | None = None


class RequestToRecall(Admission):
    """An admission on the booking that was closed last."""

    recall_time: LocalTime | None = None


class RequestToRelease(Wire):
    """A release from prison."""

    movement_reason_code: ReasonCode
    release_time: LocalTime | None = None
    comment_text: Comment | None = None


class RequestToTransferOut(Wire):
    """The beginning of a transfer to another prison."""

    transfer_reason_code: ReasonCode
    to_location: AgencyId
    movement_time: LocalTime | None = None
    escort_type: ReasonCode | None = None
    comment_text: Comment | None = None


class RequestToTransferIn(Wire):
    """The end of a transfer."""

    receive_time: LocalTime | None = None
    cell_location: Cell | None = None
    comment_text: Comment | None = None


class RequestToTransferOutToCourt(RequestToTransferOut):
    """A journey to court; the bed can be given up meanwhile."""

    should_release_bed: bool = False


class RequestToTransferOutToTemporaryAbsence(Wire):
    """The beginning of a temporary absence; the bed can be given up meanwhile."""

    transfer_reason_code: ReasonCode
    to_city: str | None = Field(None, max_length=60)
    movement_time: LocalTime | None = None
    escort_type: ReasonCode | None = None
    comment_text: Comment | None = None
    should_release_bed: bool = False


class RequestToReturn(Wire):
    """The return from court or from a temporary absence, to the same prison or to another."""

    agency_id: AgencyId
    date_time: LocalTime | None = None
    movement_reason_code: ReasonCode | None = None
    comment_text: Comment | None = None


class MovementOut(Wire):
    """A movement of a prisoner."""

    offender_no: str
    sequence: int
    booking_id: int
    create_date_time: LocalDateTime
    from_agency: str | None
    from_agency_description: str | None
    to_agency: str | None
    to_agency_description: str | None
    to_city: str | None
    movement_type: str
    movement_type_description: str
    direction_code: str
    movement_date: date
    movement_time: LocalClock
    movement_reason: str
    movement_reason_code: str
    comment_text: str | None

    @classmethod
    def of(cls, one: Movement) -> MovementOut:
        """The movement as it goes out, on London's clock."""
        moment = london(one.occurred_at)
        return cls(
            offender_no=one.prisoner_number, sequence=one.sequence, booking_id=one.booking_id,
            create_date_time=london(one.recorded_at).replace(tzinfo=None),
            from_agency=one.from_agency, from_agency_description=agency_name(one.from_agency),
            to_agency=one.to_agency, to_agency_description=agency_name(one.to_agency), to_city=one.to_city,
            movement_type=one.type, movement_type_description=movement_types()[one.type].description,
            direction_code=one.direction, movement_date=moment.date(),
            movement_time=moment.time().replace(microsecond=0),
            movement_reason=movement_reasons()[one.type, one.reason].description,
            movement_reason_code=one.reason, comment_text=one.comment,
        )  # fmt: skip
