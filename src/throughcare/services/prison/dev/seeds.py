"""The prison side of the synthetic people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from throughcare.kit.clock import LONDON
from throughcare.kit.context import Context
from throughcare.kit.db import Store, UnitOfWork
from throughcare.seeding.people import SyntheticBooking, SyntheticPerson
from throughcare.services.prison.alert.model import Alert, Stamp
from throughcare.services.prison.alert.store import alert, alert_row
from throughcare.services.prison.booking.model import Booking
from throughcare.services.prison.booking.store import BookingStore, booking, held_for, key_date
from throughcare.services.prison.movement.model import IN, OUT, Movement
from throughcare.services.prison.movement.store import movement
from throughcare.services.prison.numbering.model import book_number, position_of
from throughcare.services.prison.person.model import Alias, Identifier
from throughcare.services.prison.person.store import PersonStore, alias, identifier, identifier_row, prisoner
from throughcare.services.prison.reference.model import OUTSIDE

SLICE = 1000
SEEDER = "THROUGHCARE"
MOST_BOOKINGS = 3
ADMISSION_REASON, RELEASE_REASON = "I", "CR"
ADMITTED_AT, RELEASED_AT = time(10), time(9)

TABLES = (prisoner, identifier, alias, booking, held_for, key_date, movement, alert)  # parents before children
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Known:
    """A synthetic person whom the prisons know."""

    person: SyntheticPerson
    noms: str
    bookings: Sequence[tuple[int, SyntheticBooking]]
    created_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "created_at", _at(self.bookings[0][1].admitted_on, ADMITTED_AT))


async def seed(ctx: Context, people: Sequence[SyntheticPerson], progress: Callable[[int], None]) -> None:
    """Fill an empty service with those of ``people`` who have a prisoner number."""
    for start in range(0, len(people), SLICE):
        chosen = people[start : start + SLICE]
        rows = rows_of(chosen)
        async with ctx.new_uow() as uow:
            store = uow.store(Store)
            for table in TABLES:
                await store.copy(table, rows[table.name])
        progress(len(chosen))
    async with ctx.new_uow() as uow:
        await _move_sequences_on(uow, people)


def rows_of(people: Sequence[SyntheticPerson]) -> Rows:
    """The rows of every table by its name."""
    rows: Rows = {table.name: [] for table in TABLES}
    for person in people:
        if person.noms is not None and person.bookings:
            known = Known(person, person.noms, tuple(_numbered(person)))
            rows[prisoner.name].append(_prisoner(known))
            rows[identifier.name].append(identifier_row(_pnc(known)))
            rows[alias.name] += [vars(one) for one in _aliases(known)]
            _add_bookings(rows, known)
            rows[alert.name] += [alert_row(_alert(known, code)) for code in person.alerts]
    return rows


def booking_id(person: SyntheticPerson, index: int) -> int:
    """The id of a synthetic person's booking number ``index``."""
    return person.number * MOST_BOOKINGS + index + 1


def _numbered(person: SyntheticPerson) -> list[tuple[int, SyntheticBooking]]:
    return [(booking_id(person, index), one) for index, one in enumerate(person.bookings)]


def _prisoner(known: Known) -> dict[str, Any]:
    person = known.person
    return {
        "prisoner_number": known.noms, "title": None, "last_name": person.last_name.upper(),
        "first_name": person.first_name.upper(),
        "middle_names": person.middle_names.upper() if person.middle_names else None, "suffix": None,
        "date_of_birth": person.date_of_birth, "sex": person.sex, "ethnicity": person.ethnicity_code,
        "religion": person.religion_code, "created_at": known.created_at, "created_by": SEEDER, "version": 1,
    }  # fmt: skip


def _pnc(known: Known) -> Identifier:
    made = _id("identifier", known.noms, "PNC")
    return Identifier(made, known.noms, "PNC", known.person.pnc, None, None, known.created_at, SEEDER)


def _aliases(known: Known) -> list[Alias]:
    return [
        Alias(
            id=_id("alias", known.noms, str(place)), prisoner_number=known.noms, last_name=one.last_name.upper(),
            first_name=one.first_name.upper(), date_of_birth=one.date_of_birth, sex=known.person.sex,
            ethnicity=known.person.ethnicity_code, created_at=known.created_at + timedelta(minutes=place),
            created_by=SEEDER,
        )
        for place, one in enumerate(known.person.aliases)
    ]  # fmt: skip


def _add_bookings(rows: Rows, known: Known) -> None:
    sequence = 0
    for number, one in known.bookings:
        began = _at(one.admitted_on, ADMITTED_AT)
        ended = _at(one.released_on, RELEASED_AT) if one.released_on else None
        cell = None if ended else one.cell
        held = Booking(number, known.noms, book_number(number), began, ended, cell, False, began, SEEDER)
        rows[booking.name].append(vars(held))
        rows[held_for.name].append(
            {"booking_id": number, "sequence": 1, "status": one.imprisonment_status, "effective_at": began,
             "agency_id": one.prison_id}
        )  # fmt: skip
        rows[key_date.name].append(
            {
                "booking_id": number,
                "type": "CRD",
                "calculated": one.conditional_release_date,
                "overridden": None,
            }
        )
        sequence += 1
        entered = {"type": "ADM", "reason": ADMISSION_REASON, "direction": IN}
        places = {"from_agency": OUTSIDE, "to_agency": one.prison_id}
        rows[movement.name].append(_movement(known, number, sequence, began, entered | places))
        if ended is not None:
            sequence += 1
            left = {"type": "REL", "reason": RELEASE_REASON, "direction": OUT}
            places = {"from_agency": one.prison_id, "to_agency": OUTSIDE}
            rows[movement.name].append(_movement(known, number, sequence, ended, left | places))


def _movement(known: Known, number: int, sequence: int, at: datetime, facts: dict[str, str]) -> dict[str, Any]:
    made = Movement(
        prisoner_number=known.noms, sequence=sequence, booking_id=number, occurred_at=at, recorded_at=at,
        recorded_by=SEEDER, **facts,
    )  # fmt: skip
    return vars(made)


def _alert(known: Known, code: str) -> Alert:
    _, latest = known.bookings[-1]
    began = Stamp(_at(latest.admitted_on, ADMITTED_AT), SEEDER, "Throughcare")
    return Alert(
        id=_id("alert", known.noms, code), prisoner_number=known.noms, code=code, description=None,
        authorised_by=None, active_from=latest.admitted_on, active_to=None, prison_id=latest.prison_id,
        created=began, made_active_at=began.at,
    )  # fmt: skip


async def _move_sequences_on(uow: UnitOfWork, people: Sequence[SyntheticPerson]) -> None:
    """Continue numbering after the numbers that the synthetic people hold."""
    positions = [position_of(person.noms) for person in people if person.noms is not None]
    if positions:
        await uow.store(PersonStore).number_after(max(positions))
        await uow.store(BookingStore).number_after(booking_id(people[-1], MOST_BOOKINGS - 1))


def _id(kind: str, *parts: str) -> UUID:
    return uuid5(NAMESPACE_URL, ":".join(("throughcare:prison", kind, *parts)))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON)
