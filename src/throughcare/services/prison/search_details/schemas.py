"""What prisoner search needs of a prisoner, in one answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from throughcare.kit.clock import london
from throughcare.kit.web.schemas import Wire
from throughcare.services.prison.alert.model import Alert
from throughcare.services.prison.inmate.model import PrisonerRecord
from throughcare.services.prison.inmate.schemas import PhysicalAttributes, SentenceDetail
from throughcare.services.prison.movement.model import Movement, custody_after
from throughcare.services.prison.person.schemas import AliasOut, OffenderIdentifier
from throughcare.services.prison.reference.model import agency_name, alert_codes, described


class AlertFlag(Wire):
    """An alert, without its text."""

    alert_type: str
    alert_code: str
    active: bool
    expired: bool

    @classmethod
    def of(cls, one: Alert, today: date) -> AlertFlag:
        """The alert as it stands ``today``."""
        code = alert_codes()[one.code]
        return cls(
            alert_type=code.alert_type, alert_code=code.code, active=one.active_on(today),
            expired=one.ended_on(today),
        )  # fmt: skip


class LogEntry(Wire):
    """A movement with the state that it led to."""

    sequence: int
    booking_id: int
    movement_type: str
    movement_reason: str
    direction: str
    from_agency: str | None
    to_agency: str | None
    occurred_at: datetime
    recorded_at: datetime
    status: str
    agency_id: str

    @classmethod
    def of(cls, one: Movement) -> LogEntry:
        """The movement as it goes out, on London's clock."""
        custody = custody_after(one)
        assert custody.status is not None, "there is a status after every movement"
        assert custody.agency_id is not None, "there is an agency after every movement"
        return cls(
            sequence=one.sequence, booking_id=one.booking_id, movement_type=one.type,
            movement_reason=one.reason, direction=one.direction, from_agency=one.from_agency,
            to_agency=one.to_agency, occurred_at=london(one.occurred_at),
            recorded_at=london(one.recorded_at), status=custody.status, agency_id=custody.agency_id,
        )  # fmt: skip


class PrisonerSearchDetails(Wire):
    """A prisoner with their whole log. ``version`` moves on with every change to anything about them."""

    offender_no: str
    version: int
    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    date_of_birth: date
    physical_attributes: PhysicalAttributes
    religion: str | None
    youth_offender: bool | None
    booking_id: int | None
    booking_no: str | None
    agency_id: str | None
    agency_name: str | None
    in_out_status: str | None
    status: str | None
    cell_location: str | None
    last_admission_date: date | None
    previous_prison_id: str | None
    previous_prison_leaving_date: date | None
    reception_date: date | None
    location_description: str
    last_prison_id: str | None
    legal_status: str | None
    recall: bool | None
    imprisonment_status: str | None
    imprisonment_status_description: str | None
    convicted_status: str | None
    sentence_detail: SentenceDetail | None
    identifiers: list[OffenderIdentifier]
    aliases: list[AliasOut]
    alerts: list[AlertFlag]
    movements: list[LogEntry]

    @classmethod
    def of(cls, record: PrisonerRecord, today: date) -> PrisonerSearchDetails:
        """The prisoner as they go out, as things stand ``today``."""
        person, booking, custody = record.prisoner, record.booking, record.custody
        held, admitted, left = (
            record.imprisonment_status,
            record.last_admitted_at,
            record.left_previous_prison,
        )
        return cls(
            offender_no=person.prisoner_number, version=person.version,
            title=described("TITLE", person.title), first_name=person.first_name,
            middle_name=person.middle_names, last_name=person.last_name,
            date_of_birth=person.date_of_birth, physical_attributes=PhysicalAttributes.of(person),
            religion=described("RELIGION", person.religion),
            youth_offender=booking and booking.youth_offender, booking_id=booking and booking.booking_id,
            booking_no=booking and booking.book_number, agency_id=custody.agency_id,
            agency_name=agency_name(custody.agency_id),
            in_out_status=custody.in_out, status=custody.status, cell_location=record.cell,
            last_admission_date=london(admitted).date() if admitted else None,
            previous_prison_id=left and left.from_agency,
            previous_prison_leaving_date=london(left.occurred_at).date() if left else None,
            reception_date=record.reception_date, location_description=custody.location,
            last_prison_id=custody.last_prison_id, legal_status=record.legal_status, recall=record.recall,
            imprisonment_status=held and held.code, imprisonment_status_description=held and held.description,
            convicted_status=record.convicted_status,
            sentence_detail=SentenceDetail.of(booking.booking_id, record.key_dates) if booking else None,
            identifiers=[OffenderIdentifier.of(one) for one in record.identifiers],
            aliases=[AliasOut.of(one) for one in record.aliases], alerts=_flags(record.alerts, today),
            movements=[LogEntry.of(one) for one in record.log],
        )  # fmt: skip


def _flags(alerts: Sequence[Alert], today: date) -> list[AlertFlag]:
    return [AlertFlag.of(one, today) for one in sorted(alerts, key=lambda one: (one.code, one.active_from))]
