"""Registering a case, reviewing a registration and ending it."""

from __future__ import annotations

from datetime import date

from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.manager.store import ManagerStore
from throughcare.services.probation.person.model import Person
from throughcare.services.probation.person.store import PersonStore
from throughcare.services.probation.registration.events import (
    RegistrationAdded,
    RegistrationDeleted,
    RegistrationDeregistered,
    RegistrationUpdated,
)
from throughcare.services.probation.registration.model import (
    AlreadyRegistered,
    Registration,
    first_review,
    type_of,
)
from throughcare.services.probation.registration.store import RegistrationStore

Change = type[RegistrationAdded | RegistrationUpdated | RegistrationDeregistered | RegistrationDeleted]


async def add_registration(
    uow: UnitOfWork,
    crn: str,
    type_code: str,
    *,
    start: date | None,
    next_review: date | None,
    notes: str | None,
) -> Registration:
    """The new registration, from today and with the suggested review unless other days are given.

    Raises CaseNotFound, RegisterTypeUnknown, RegistrationDatesWrong, AlreadyRegistered.
    """
    kind, today = type_of(type_code), london(uow.now).date()
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(RegistrationStore)
        if await store.has_active(person.id, type_code):
            raise AlreadyRegistered
        officer = (await uow.store(ManagerStore).get(person.id)).responsible.staff
        since = start or today
        new = Registration(
            person_id=person.id, type_code=type_code, start_date=since, notes=notes,
            next_review_date=next_review or first_review(since, kind), staff_code=officer.code,
            team_code=officer.team.code,
        )  # fmt: skip
        new.check(today)
        added = await store.add(new)
        _announce(uow, RegistrationAdded, person, added)
    return added


async def review_registration(
    uow: UnitOfWork, crn: str, registration_id: int, *, next_review: date | None, notes: str | None
) -> Registration:
    """The registration with another review date and notes.

    Raises CaseNotFound, RegistrationNotFound, AlreadyDeregistered, RegistrationDatesWrong.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(RegistrationStore)
        reviewed = (await store.get(person.id, registration_id)).reviewed(next_review, notes)
        reviewed.check(london(uow.now).date())
        await store.save(reviewed)
        _announce(uow, RegistrationUpdated, person, reviewed)
    return reviewed


async def deregister(uow: UnitOfWork, crn: str, registration_id: int) -> Registration:
    """The registration, ended today. Raises CaseNotFound, RegistrationNotFound, AlreadyDeregistered."""
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(RegistrationStore)
        ended = (await store.get(person.id, registration_id)).ended(london(uow.now).date())
        await store.save(ended)
        _announce(uow, RegistrationDeregistered, person, ended)
    return ended


async def delete_registration(uow: UnitOfWork, crn: str, registration_id: int) -> None:
    """Delete a registration that was made in error. Raises CaseNotFound, RegistrationNotFound."""
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(RegistrationStore)
        wrong = await store.get(person.id, registration_id)
        await store.remove(wrong)
        _announce(uow, RegistrationDeleted, person, wrong)


def _announce(uow: UnitOfWork, change: Change, person: Person, one: Registration) -> None:
    event = change(
        crn=person.crn, register_type_code=one.type_code, registration_id=one.id, person=person.reference,
        detail_path=f"/probation-case/{person.crn}/registrations/{one.id}",
    )  # fmt: skip
    uow.publish(event)
