"""Prisoners as they go over the wire, in the shapes of prison-api."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from throughcare.kit.web.schemas import Wire
from throughcare.services.prison.booking.model import KeyDate, non_dto_release_date, release_date
from throughcare.services.prison.inmate.model import BasicDetails, PrisonerRecord
from throughcare.services.prison.person.model import Prisoner, age_on
from throughcare.services.prison.person.schemas import AliasOut, OffenderIdentifier
from throughcare.services.prison.reference.model import agency_name, described

DATE_FIELDS = {
    "SED": "sentence_expiry_date",
    "LED": "licence_expiry_date",
    "HDCED": "home_detention_curfew_eligibility_date",
    "HDCAD": "home_detention_curfew_actual_date",
    "PED": "parole_eligibility_date",
    "APD": "actual_parole_date",
    "ROTL": "release_on_temporary_licence_date",
    "ETD": "early_term_date",
    "MTD": "mid_term_date",
    "LTD": "late_term_date",
    "TUSED": "topup_supervision_expiry_date",
    "TARIFF": "tariff_date",
    "CONFIRMED": "confirmed_release_date",
}
CALCULATED_AND_OVERRIDE = {
    "ARD": "automatic_release",
    "CRD": "conditional_release",
    "NPD": "non_parole",
    "PRRD": "post_recall_release",
}


class SentenceDetail(Wire):
    """The key dates of a booking; of four types both the calculated and the overriding date."""

    booking_id: int
    sentence_expiry_date: date | None = None
    licence_expiry_date: date | None = None
    home_detention_curfew_eligibility_date: date | None = None
    home_detention_curfew_actual_date: date | None = None
    parole_eligibility_date: date | None = None
    actual_parole_date: date | None = None
    release_on_temporary_licence_date: date | None = None
    early_term_date: date | None = None
    mid_term_date: date | None = None
    late_term_date: date | None = None
    topup_supervision_expiry_date: date | None = None
    tariff_date: date | None = None
    confirmed_release_date: date | None = None
    automatic_release_date: date | None = None
    automatic_release_override_date: date | None = None
    conditional_release_date: date | None = None
    conditional_release_override_date: date | None = None
    non_parole_date: date | None = None
    non_parole_override_date: date | None = None
    post_recall_release_date: date | None = None
    post_recall_release_override_date: date | None = None
    non_dto_release_date: date | None = None
    non_dto_release_date_type: str | None = None
    release_date: date | None = None

    @classmethod
    def of(cls, booking_id: int, dates: Mapping[str, KeyDate]) -> SentenceDetail:
        """The key dates as they go out."""
        found: dict[str, Any] = {DATE_FIELDS[kind]: one.effective for kind, one in dates.items() if kind in DATE_FIELDS}
        for kind, name in CALCULATED_AND_OVERRIDE.items():
            if one := dates.get(kind):
                found |= {f"{name}_date": one.calculated, f"{name}_override_date": one.overridden}
        non_dto, kind_of_it = non_dto_release_date(dates) or (None, None)
        return cls(
            booking_id=booking_id, **found, non_dto_release_date=non_dto,
            non_dto_release_date_type=kind_of_it, release_date=release_date(dates),
        )  # fmt: skip


class LivingUnit(Wire):
    """A place inside a prison."""

    agency_id: str
    agency_name: str | None
    description: str | None


class PhysicalAttributes(Wire):
    """Sex and ethnicity, as codes and in words."""

    sex_code: str
    gender: str | None
    race_code: str | None
    ethnicity: str | None

    @classmethod
    def of(cls, one: Prisoner) -> PhysicalAttributes:
        """The attributes of a prisoner."""
        return cls(
            sex_code=one.sex, gender=described("SEX", one.sex), race_code=one.ethnicity,
            ethnicity=described("ETHNICITY", one.ethnicity),
        )  # fmt: skip


class ProfileInformation(Wire):
    """A question about somebody and its answer."""

    type: str
    question: str
    result_value: str


class InmateDetail(Wire):
    """A prisoner with their booking, where they are and why."""

    offender_no: str
    booking_id: int | None
    booking_no: str | None
    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    date_of_birth: date
    age: int
    active_flag: bool
    agency_id: str | None
    assigned_living_unit: LivingUnit | None
    religion: str | None
    alerts_codes: list[str]
    active_alert_count: int
    inactive_alert_count: int
    physical_attributes: PhysicalAttributes
    profile_information: list[ProfileInformation]
    in_out_status: str | None
    identifiers: list[OffenderIdentifier]
    aliases: list[AliasOut]
    sentence_detail: SentenceDetail | None
    status: str | None
    status_reason: str | None
    last_movement_type_code: str | None
    last_movement_reason_code: str | None
    last_movement_to_agency: str | None
    last_movement_comment: str | None
    legal_status: str | None
    recall: bool | None
    imprisonment_status: str | None
    imprisonment_status_description: str | None
    convicted_status: str | None
    reception_date: date | None
    location_description: str
    latest_location_id: str | None
    last_prison_id: str | None

    @classmethod
    def of(cls, record: PrisonerRecord, today: date) -> InmateDetail:
        """The prisoner as they go out, as things stand ``today``."""
        person, booking, custody = record.prisoner, record.booking, record.custody
        last, held = custody.last, record.imprisonment_status
        active = [one for one in record.alerts if one.active_on(today)]
        return cls(
            offender_no=person.prisoner_number, booking_id=booking and booking.booking_id,
            booking_no=booking and booking.book_number, title=described("TITLE", person.title),
            first_name=person.first_name, middle_name=person.middle_names, last_name=person.last_name,
            date_of_birth=person.date_of_birth, age=age_on(today, person.date_of_birth),
            active_flag=custody.active, agency_id=custody.agency_id, assigned_living_unit=living_unit(record),
            religion=described("RELIGION", person.religion),
            alerts_codes=sorted({one.code for one in active}), active_alert_count=len(active),
            inactive_alert_count=len(record.alerts) - len(active),
            physical_attributes=PhysicalAttributes.of(person), profile_information=_profile(record),
            in_out_status=custody.in_out, status=custody.status,
            identifiers=[OffenderIdentifier.of(one) for one in record.identifiers],
            aliases=[AliasOut.of(one) for one in record.aliases],
            sentence_detail=SentenceDetail.of(booking.booking_id, record.key_dates) if booking else None,
            status_reason=f"{last.type}-{last.reason}" if last else None,
            last_movement_type_code=last and last.type, last_movement_reason_code=last and last.reason,
            last_movement_to_agency=last and last.to_agency, last_movement_comment=last and last.comment,
            legal_status=record.legal_status, recall=record.recall, imprisonment_status=held and held.code,
            imprisonment_status_description=held and held.description,
            convicted_status=record.convicted_status, reception_date=record.reception_date,
            location_description=custody.location, latest_location_id=custody.last_prison_id,
            last_prison_id=custody.last_prison_id,
        )  # fmt: skip


class InmateBasicDetails(Wire):
    """A prisoner in brief."""

    booking_id: int
    booking_no: str
    offender_no: str
    first_name: str
    middle_name: str | None
    last_name: str
    date_of_birth: date
    agency_id: str | None
    assigned_living_unit_desc: str | None

    @classmethod
    def of(cls, one: BasicDetails) -> InmateBasicDetails:
        """The prisoner as they go out."""
        return cls(
            booking_id=one.booking_id, booking_no=one.book_number, offender_no=one.prisoner_number,
            first_name=one.first_name, middle_name=one.middle_names, last_name=one.last_name,
            date_of_birth=one.date_of_birth, agency_id=one.agency_id,
            assigned_living_unit_desc=f"{one.agency_id}-{one.cell}" if one.cell else None,
        )  # fmt: skip


class PrisonerDetail(Wire):
    """A prisoner with their identifiers, whether or not they have a booking."""

    offender_no: str
    title: str | None
    suffix: str | None
    first_name: str
    middle_names: str | None
    last_name: str
    date_of_birth: date
    gender: str | None
    sex_code: str
    currently_in_prison: Literal["Y", "N"]
    latest_booking_id: int | None
    latest_location_id: str | None
    latest_location: str | None
    internal_location: str | None
    pnc_number: str | None
    cro_number: str | None
    ethnicity: str | None
    ethnicity_code: str | None
    religion: str | None
    religion_code: str | None
    convicted_status: str | None
    legal_status: str | None
    imprisonment_status: str | None
    imprisonment_status_desc: str | None
    reception_date: date | None

    @classmethod
    def of(cls, record: PrisonerRecord) -> PrisonerDetail:
        """The prisoner as they go out."""
        person, custody, held = record.prisoner, record.custody, record.imprisonment_status
        unit = living_unit(record)
        return cls(
            offender_no=person.prisoner_number, title=described("TITLE", person.title), suffix=person.suffix,
            first_name=person.first_name, middle_names=person.middle_names, last_name=person.last_name,
            date_of_birth=person.date_of_birth, gender=described("SEX", person.sex), sex_code=person.sex,
            currently_in_prison="Y" if custody.in_out == "IN" else "N",
            latest_booking_id=record.booking and record.booking.booking_id,
            latest_location_id=custody.agency_id, latest_location=agency_name(custody.agency_id),
            internal_location=unit and f"{unit.agency_id}-{unit.description}",
            pnc_number=record.newest_identifier("PNC"), cro_number=record.newest_identifier("CRO"),
            ethnicity=described("ETHNICITY", person.ethnicity), ethnicity_code=person.ethnicity,
            religion=described("RELIGION", person.religion), religion_code=person.religion,
            convicted_status=record.convicted_status, legal_status=record.legal_status,
            imprisonment_status=held and held.code, imprisonment_status_desc=held and held.description,
            reception_date=record.reception_date,
        )  # fmt: skip


def living_unit(record: PrisonerRecord) -> LivingUnit | None:
    """The place inside the prison where somebody has a bed; None when they have none."""
    agency_id = record.custody.agency_id
    if agency_id is None or record.cell is None:
        return None
    return LivingUnit(agency_id=agency_id, agency_name=agency_name(agency_id), description=record.cell)


def _profile(record: PrisonerRecord) -> list[ProfileInformation]:
    religion = described("RELIGION", record.prisoner.religion)
    youth = record.booking is not None and record.booking.youth_offender
    found = [("RELF", "Religion", religion), ("YOUTH", "Youth Offender?", "YES" if youth else None)]
    return [ProfileInformation(type=kind, question=asked, result_value=said) for kind, asked, said in found if said]
