"""The probation side of the synthetic people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from throughcare.kit.clock import LONDON
from throughcare.kit.context import Context
from throughcare.seeding.accounts import MANAGERS, PRACTITIONERS
from throughcare.seeding.people import SyntheticPerson
from throughcare.services.probation.access.store import EXCLUSION, RESTRICTION, limitation
from throughcare.services.probation.conviction.store import conviction, requirement
from throughcare.services.probation.custody.model import Status
from throughcare.services.probation.custody.store import custody
from throughcare.services.probation.dev.store import Row, Rows, SeedStore
from throughcare.services.probation.manager.model import Role
from throughcare.services.probation.manager.store import manager
from throughcare.services.probation.person.store import MAIN, address, person
from throughcare.services.probation.reference.model import DEFAULT_TEAM, RAR, register_types
from throughcare.services.probation.registration.model import first_review
from throughcare.services.probation.registration.store import registration
from throughcare.services.probation.staff.store import staff

SLICE = 1000
STAFF_CODES = {username: f"N50A{number:03}" for number, username in enumerate(MANAGERS, 1)}
GENDERS = {"M": "Male", "F": "Female"}
STREETS = ("Acacia Avenue", "Brook Lane", "Canal Street", "Dale Road", "Elm Grove")
TOWNS = ("Bolton", "Manchester", "Oldham", "Rochdale", "Salford", "Stockport", "Wigan")
LIMIT_MESSAGE = "Ask the responsible officer about this case"
NINE = time(9)


async def seed(ctx: Context, people: Sequence[SyntheticPerson], progress: Callable[[int], None]) -> None:
    """Fill an empty service with those of ``people`` who have a CRN, managed by those who can sign in."""
    async with ctx.new_uow() as uow:
        await uow.store(SeedStore).add_missing(staff, staff_rows())
    for start in range(0, len(people), SLICE):
        chosen = people[start : start + SLICE]
        async with ctx.new_uow() as uow:
            await uow.store(SeedStore).fill(rows_of(chosen, ctx.clock.today()))
        progress(len(chosen))
    async with ctx.new_uow() as uow:
        await uow.store(SeedStore).count_on([person, conviction, requirement])


def staff_rows() -> list[Row]:
    """The practitioners as members of staff."""
    return [
        {
            "code": STAFF_CODES[one.username], "username": one.username, "user_id": int(one.user_id),
            "forename": one.first_name, "surname": one.last_name, "email": one.email,
            "telephone_number": f"0161 496 0{number:03}", "team_code": DEFAULT_TEAM,
        }
        for number, one in enumerate(PRACTITIONERS, 1)
    ]  # fmt: skip


def rows_of(people: Sequence[SyntheticPerson], today: date) -> Rows:
    """The rows of every table, parents before children. A person's id is their number plus one."""
    known = [one for one in people if one.crn is not None]
    return {
        person: [_person(one) for one in known],
        address: [_address(one, today) for one in known],
        manager: [_manager(one, today) for one in known],
        conviction: [_conviction(one) for one in known if one.sentence],
        requirement: [_requirement(one) for one in known if one.sentence and one.sentence.has_rar],
        registration: [_registration(one, code, today) for one in known for code in one.registrations],
        limitation: [_limitation(one) for one in known if one.limited_access],
        custody: [_custody(one) for one in known if one.bookings],
    }


def _person(one: SyntheticPerson) -> Row:
    return {
        "id": one.number + 1, "crn": one.crn, "noms_number": one.noms, "forename": one.first_name,
        "middle_names": one.middle_names, "surname": one.last_name, "date_of_birth": one.date_of_birth,
        "gender": GENDERS[one.sex], "ethnicity": one.ethnicity, "religion": one.religion,
        "primary_language": "English", "no_fixed_abode": False, "email": None,
        "telephone_number": f"01632 {960_000 + one.number % 1000}", "mobile_number": None, "version": 1,
    }  # fmt: skip


def _address(one: SyntheticPerson, today: date) -> Row:
    town = TOWNS[one.number % len(TOWNS)]
    return {
        "person_id": one.number + 1, "status": MAIN, "address_number": str(one.number % 120 + 1),
        "street_name": STREETS[one.number % len(STREETS)], "town": town, "county": "Greater Manchester",
        "postcode": f"ZZ{one.number % 9 + 1} {one.number % 7 + 1}ZZ",
        "start_date": one.sentence.convicted_on if one.sentence else today,
    }  # fmt: skip


def _manager(one: SyntheticPerson, today: date) -> Row:
    since = one.sentence.convicted_on if one.sentence else today
    return {
        "person_id": one.number + 1, "role": str(Role.COMMUNITY), "staff_code": STAFF_CODES[_username(one)],
        "team_code": DEFAULT_TEAM, "allocated_at": _at(since), "responsible_officer": True,
    }  # fmt: skip


def _conviction(one: SyntheticPerson) -> Row:
    assert one.sentence is not None
    return {
        "id": one.number + 1, "person_id": one.number + 1, "number": 1, "active": True,
        "description": one.sentence.description, "conviction_date": one.sentence.convicted_on,
        "start_date": one.sentence.convicted_on, "expected_end_date": one.sentence.expected_end,
        "offence_category": one.sentence.offence_category,
        "offence_sub_category": one.sentence.offence_sub_category,
        "failure_count": 0, "version": 1,
    }  # fmt: skip


def _requirement(one: SyntheticPerson) -> Row:
    return {
        "id": one.number + 1, "conviction_id": one.number + 1, "main_category": RAR, "active": True,
        "rar_count": 0,
    }  # fmt: skip


def _registration(one: SyntheticPerson, code: str, today: date) -> Row:
    start = one.sentence.convicted_on if one.sentence else today
    return {
        "person_id": one.number + 1, "type_code": code, "start_date": start,
        "next_review_date": first_review(start, register_types()[code]),
        "staff_code": STAFF_CODES[_username(one)], "team_code": DEFAULT_TEAM, "version": 1,
    }  # fmt: skip


def _limitation(one: SyntheticPerson) -> Row:
    """Limited cases keep out one practitioner, not their manager, or are open to their manager alone."""
    kept_out = next(username for username in MANAGERS if username != _username(one))
    excluded = one.number // 50 % 2 == 0
    return {
        "person_id": one.number + 1, "kind": EXCLUSION if excluded else RESTRICTION,
        "username": kept_out if excluded else _username(one), "message": LIMIT_MESSAGE,
    }  # fmt: skip


def _custody(one: SyntheticPerson) -> Row:
    last = one.bookings[-1]
    outside = Status.RELEASED_ON_LICENCE if one.sentence else Status.TERMINATED
    return {
        "person_id": one.number + 1, "status_code": str(Status.IN_CUSTODY if one.in_custody else outside),
        "prison_id": last.prison_id if one.in_custody else None,
        "since": _at(last.released_on or last.admitted_on), "version": 1,
    }  # fmt: skip


def _username(one: SyntheticPerson) -> str:
    return one.manager or MANAGERS[0]


def _at(day: date) -> datetime:
    return datetime.combine(day, NINE, LONDON)
