"""The document of a prisoner: what the index holds and what every search answers with."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Query

from throughcare.kit.clock import london
from throughcare.kit.web.schemas import LocalDateTime, Wire
from throughcare.services.prisoner_search.document.model import check_response_fields
from throughcare.services.prisoner_search.identity.model import Pnc
from throughcare.services.prisoner_search.peers.prison import LogEntry, OffenderAlias, SearchDetails, SentenceDetail

ResponseFields = Annotated[list[str] | None, Query(alias="responseFields", max_length=200)]


def response_paths(given: list[str] | None) -> list[str]:
    """The fields asked for, be they repeated or separated by commas. Raises ResponseFieldsNotValid."""
    paths = [path.strip() for one in given or () for path in one.split(",") if path.strip()]
    check_response_fields(paths)
    return paths


class Identifier(Wire):
    """A number or name by which another body knows a prisoner."""

    type: str
    value: str
    issued_date: date | None = None
    issued_authority_text: str | None = None
    created_date_time: LocalDateTime | None = None


class Alias(Wire):
    """Another name that somebody has used."""

    title: str | None = None
    first_name: str
    middle_names: str | None = None
    last_name: str
    date_of_birth: date
    gender: str | None = None
    ethnicity: str | None = None
    race_code: str | None = None

    @classmethod
    def of(cls, one: OffenderAlias) -> Alias:
        """The alias in prison's answer."""
        return cls(
            title=one.title, first_name=one.first_name, middle_names=one.middle_name, last_name=one.last_name,
            date_of_birth=one.dob, gender=one.gender, ethnicity=one.ethnicity, race_code=one.race_code,
        )  # fmt: skip


class Alert(Wire):
    """An alert, without its text."""

    alert_type: str
    alert_code: str
    active: bool
    expired: bool


class Prisoner(Wire):
    """Everything about a prisoner that is searched, compared and shown. All but the number can be trimmed away."""

    prisoner_number: str
    pnc_number: str | None = None
    pnc_number_canonical_short: str | None = None
    pnc_number_canonical_long: str | None = None
    cro_number: str | None = None
    booking_id: str | None = None
    book_number: str | None = None
    title: str | None = None
    first_name: str | None = None
    middle_names: str | None = None
    last_name: str | None = None
    date_of_birth: date | None = None
    gender: str | None = None
    ethnicity: str | None = None
    race_code: str | None = None
    youth_offender: bool | None = None
    religion: str | None = None
    status: str | None = None
    last_movement_type_code: str | None = None
    last_movement_reason_code: str | None = None
    last_movement_date: date | None = None
    in_out_status: str | None = None
    prison_id: str | None = None
    prison_name: str | None = None
    last_prison_id: str | None = None
    previous_prison_id: str | None = None
    previous_prison_leaving_date: date | None = None
    cell_location: str | None = None
    aliases: list[Alias] | None = None
    alerts: list[Alert] | None = None
    legal_status: str | None = None
    imprisonment_status: str | None = None
    imprisonment_status_description: str | None = None
    convicted_status: str | None = None
    recall: bool | None = None
    release_date: date | None = None
    confirmed_release_date: date | None = None
    sentence_expiry_date: date | None = None
    licence_expiry_date: date | None = None
    home_detention_curfew_eligibility_date: date | None = None
    home_detention_curfew_actual_date: date | None = None
    topup_supervision_expiry_date: date | None = None
    non_dto_release_date: date | None = None
    non_dto_release_date_type: str | None = None
    reception_date: date | None = None
    last_admission_date: date | None = None
    parole_eligibility_date: date | None = None
    automatic_release_date: date | None = None
    post_recall_release_date: date | None = None
    conditional_release_date: date | None = None
    non_parole_date: date | None = None
    actual_parole_date: date | None = None
    tariff_date: date | None = None
    release_on_temporary_licence_date: date | None = None
    location_description: str | None = None
    identifiers: list[Identifier] | None = None

    @classmethod
    def of(cls, found: SearchDetails) -> Prisoner:
        """The document for what prison says of a prisoner. Source: ministryofjustice/hmpps-prisoner-search."""
        last = found.movements[-1] if found.movements else None
        facts = {**_who(found), **_where(found, last), **_dates(found.sentence_detail or SentenceDetail())}
        return cls(
            prisoner_number=found.offender_no,
            **facts,
            alerts=[Alert.model_validate(one) for one in found.alerts],
            aliases=[Alias.of(one) for one in found.aliases],
            identifiers=[
                Identifier(
                    type=one.type,
                    value=one.value,
                    issued_date=one.issued_date,
                    issued_authority_text=one.issued_authority_text,
                    created_date_time=one.when_created,
                )
                for one in found.identifiers
            ],
        )

    def wire(self) -> dict[str, Any]:
        """The document as it is stored and sent: what is not known is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _newest(found: SearchDetails, kind: str) -> str | None:
    values = [one.value for one in sorted(found.identifiers, key=lambda one: one.when_created) if one.type == kind]
    return values[-1] if values else None


def _who(found: SearchDetails) -> dict[str, Any]:
    looks, pnc_number = found.physical_attributes, _newest(found, "PNC")
    pnc = Pnc.of(pnc_number)
    return {
        "pnc_number": pnc_number, "cro_number": _newest(found, "CRO"),
        "pnc_number_canonical_short": pnc and pnc.short, "pnc_number_canonical_long": pnc and pnc.long,
        "booking_id": None if found.booking_id is None else str(found.booking_id),
        "book_number": found.booking_no, "title": found.title, "first_name": found.first_name,
        "middle_names": found.middle_name, "last_name": found.last_name, "date_of_birth": found.date_of_birth,
        "gender": looks.gender, "ethnicity": looks.ethnicity, "race_code": looks.race_code,
        "youth_offender": found.youth_offender, "religion": found.religion, "recall": found.recall,
        "legal_status": found.legal_status, "convicted_status": found.convicted_status,
        "imprisonment_status": found.imprisonment_status,
        "imprisonment_status_description": found.imprisonment_status_description,
    }  # fmt: skip


def _where(found: SearchDetails, last: LogEntry | None) -> dict[str, Any]:
    return {
        "status": found.status, "in_out_status": found.in_out_status, "prison_id": found.agency_id,
        "prison_name": found.agency_name, "last_prison_id": found.last_prison_id,
        "last_movement_type_code": last and last.movement_type,
        "last_movement_reason_code": last and last.movement_reason,
        "last_movement_date": london(last.occurred_at).date() if last else None,
        "previous_prison_id": found.previous_prison_id, "cell_location": found.cell_location,
        "previous_prison_leaving_date": found.previous_prison_leaving_date,
        "reception_date": found.reception_date, "last_admission_date": found.last_admission_date,
        "location_description": found.location_description,
    }  # fmt: skip


def _dates(dates: SentenceDetail) -> dict[str, Any]:
    """The key dates; of four types an overriding date wins."""
    same = dates.model_dump(include=set(Prisoner.model_fields))
    return same | {
        "automatic_release_date": dates.automatic_release_override_date or dates.automatic_release_date,
        "conditional_release_date": dates.conditional_release_override_date or dates.conditional_release_date,
        "non_parole_date": dates.non_parole_override_date or dates.non_parole_date,
        "post_recall_release_date": dates.post_recall_release_override_date or dates.post_recall_release_date,
    }
