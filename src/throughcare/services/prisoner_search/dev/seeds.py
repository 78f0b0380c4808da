"""The index of the synthetic people: the documents to which prison's answers about them lead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from throughcare.kit.clock import LONDON
from throughcare.kit.context import Context
from throughcare.kit.db import Store
from throughcare.seeding.people import SyntheticBooking, SyntheticPerson
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.index.store import alias, alias_rows, index_row, prisoner
from throughcare.services.prisoner_search.peers.prison import (
    AlertFlag,
    LogEntry,
    OffenderAlias,
    OffenderIdentifier,
    PhysicalAttributes,
    SearchDetails,
    SentenceDetail,
)

SLICE = 1000
MOST_BOOKINGS = 3
ADMITTED_AT, RELEASED_AT = time(10), time(9)
GENDERS = {"M": "Male", "F": "Female"}
ETHNICITIES = {
    "W1": "White: British",
    "W9": "White: Any other background",
    "A1": "Asian/Asian British: Indian",
    "B1": "Black/Black British: Caribbean",
    "B2": "Black/Black British: African",
    "M1": "Mixed: White and Black Caribbean",
}
PRISONS = {
    "BMI": "Birmingham (HMP)",
    "BXI": "Brixton (HMP)",
    "BZI": "Bronzefield (HMP & YOI)",
    "DMI": "Durham (HMP & YOI)",
    "HLI": "Hull (HMP & YOI)",
    "LEI": "Leeds (HMP)",
    "LNI": "Low Newton (HMP & YOI)",
    "LPI": "Liverpool (HMP)",
    "MDI": "Moorland (HMP & YOI)",
    "NHI": "New Hall (HMP & YOI)",
    "NSI": "North Sea Camp (HMP)",
    "PFI": "Peterborough Female (HMP & YOI)",
    "PVI": "Pentonville (HMP & YOI)",
    "SDI": "Send (HMP)",
    "WWI": "Wandsworth (HMP & YOI)",
}
ALERT_TYPES = {
    "HA": "H", "XA": "X", "XEL": "X", "XHT": "X", "XVL": "X", "RSS": "R", "RCON": "R", "PEEP": "M",
}  # fmt: skip
STANDARD_SENTENCE = {
    "imprisonment_status": "ADIMP_ORA",
    "imprisonment_status_description": "ORA CJA03 Standard Determinate Sentence",
    "legal_status": "SENTENCED",
    "convicted_status": "Convicted",
    "recall": False,
}


async def seed(ctx: Context, people: Sequence[SyntheticPerson], progress: Callable[[int], None]) -> None:
    """Index those of ``people`` who have a prisoner number, without telling anybody."""
    for start in range(0, len(people), SLICE):
        chosen = people[start : start + SLICE]
        answers = [details(one, one.noms) for one in chosen if one.noms is not None and one.bookings]
        documents = [(Prisoner.of(one), one.seen) for one in answers]
        rows = [index_row(document, seen, ctx.now) for document, seen in documents]
        names = [row for one, _ in documents for row in alias_rows(one.prisoner_number, one.aliases or ())]
        async with ctx.new_uow() as uow:
            await uow.store(Store).copy(prisoner, [{**row, "document": json.dumps(row["document"])} for row in rows])
            await uow.store(Store).copy(alias, names)
        progress(len(chosen))


def details(person: SyntheticPerson, number: str) -> SearchDetails:
    """What prison says of a synthetic person who has the prisoner number ``number``."""
    latest, log = person.bookings[-1], list(_log(person))
    return SearchDetails(
        offender_no=number, version=1, first_name=person.first_name.upper(),
        middle_name=person.middle_names.upper() if person.middle_names else None,
        last_name=person.last_name.upper(), date_of_birth=person.date_of_birth,
        physical_attributes=PhysicalAttributes(
            sex_code=person.sex, gender=GENDERS[person.sex], race_code=person.ethnicity_code,
            ethnicity=ETHNICITIES[person.ethnicity_code],
        ),
        religion=person.religion, youth_offender=False, last_admission_date=latest.admitted_on,
        reception_date=latest.admitted_on, sentence_detail=_sentence(latest), movements=log,
        identifiers=[OffenderIdentifier(type="PNC", value=person.pnc, when_created=_first_known(person))],
        alerts=[_alert(code) for code in sorted(person.alerts)], aliases=_aliases(person),
        **_place(latest, log[-1]), **STANDARD_SENTENCE,
    )  # fmt: skip


def _aliases(person: SyntheticPerson) -> list[OffenderAlias]:
    return [
        OffenderAlias(
            first_name=one.first_name.upper(), last_name=one.last_name.upper(), dob=one.date_of_birth,
            gender=GENDERS[person.sex], ethnicity=ETHNICITIES[person.ethnicity_code], race_code=person.ethnicity_code,
        )
        for one in person.aliases
    ]  # fmt: skip


def _place(latest: SyntheticBooking, last: LogEntry) -> dict[str, Any]:
    inside, prison = latest.released_on is None, PRISONS[latest.prison_id]
    return {
        "booking_id": last.booking_id, "booking_no": _book_number(last.booking_id),
        "agency_id": last.agency_id, "agency_name": prison if inside else "OUTSIDE", "status": last.status,
        "in_out_status": "IN" if inside else "OUT", "cell_location": latest.cell if inside else None,
        "location_description": prison if inside else f"Outside - released from {prison}",
        "last_prison_id": latest.prison_id,
    }  # fmt: skip


def _log(person: SyntheticPerson) -> Iterator[LogEntry]:
    sequence = 0
    for index, one in enumerate(person.bookings):
        booking = person.number * MOST_BOOKINGS + index + 1
        sequence += 1
        entered = _at(one.admitted_on, ADMITTED_AT)
        yield LogEntry(
            sequence=sequence, booking_id=booking, movement_type="ADM", movement_reason="I", from_agency="OUT",
            to_agency=one.prison_id, occurred_at=entered, recorded_at=entered, status="ACTIVE IN",
            agency_id=one.prison_id,
        )  # fmt: skip
        if one.released_on is not None:
            sequence += 1
            left = _at(one.released_on, RELEASED_AT)
            yield LogEntry(
                sequence=sequence, booking_id=booking, movement_type="REL", movement_reason="CR",
                from_agency=one.prison_id, to_agency="OUT", occurred_at=left, recorded_at=left,
                status="INACTIVE OUT", agency_id="OUT",
            )  # fmt: skip


def _sentence(latest: SyntheticBooking) -> SentenceDetail:
    day = latest.conditional_release_date
    return SentenceDetail(
        conditional_release_date=day, non_dto_release_date=day, non_dto_release_date_type="CRD", release_date=day
    )


def _alert(code: str) -> AlertFlag:
    return AlertFlag(alert_type=ALERT_TYPES[code], alert_code=code, active=True, expired=False)


def _book_number(booking_id: int) -> str:
    series, digits = divmod(booking_id - 1, 99_999)
    return f"{digits + 1:05}{chr(ord('A') + series)}"


def _first_known(person: SyntheticPerson) -> datetime:
    return _at(person.bookings[0].admitted_on, ADMITTED_AT).replace(tzinfo=None)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON)
