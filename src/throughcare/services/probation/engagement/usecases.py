"""Opening a case and linking it to a prison record."""

from __future__ import annotations

from throughcare.kit.clock import london
from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.conviction.events import SentenceCreated
from throughcare.services.probation.conviction.store import ConvictionStore
from throughcare.services.probation.engagement.events import EngagementCreated
from throughcare.services.probation.engagement.model import NewCase
from throughcare.services.probation.manager.model import Role
from throughcare.services.probation.manager.store import ManagerStore
from throughcare.services.probation.manager.usecases import resolve_staff
from throughcare.services.probation.person.events import PrisonIdentifierAdded
from throughcare.services.probation.person.model import Person
from throughcare.services.probation.person.store import PersonStore
from throughcare.services.probation.reference.model import UNALLOCATED_STAFF
from throughcare.services.probation.staff.model import NewStaff, Staff
from throughcare.services.probation.staff.store import StaffStore


async def open_case(uow: UnitOfWork, new: NewCase, *, directory: NewStaff | None) -> Person:
    """The new case, with its sentence and manager: the place-holder of the default team when none is named.

    ``directory`` is what the user directory says of the manager. Raises CaseExists, NomsNumberTaken,
    StaffUnknown, BornInFuture, SentenceEndsBeforeStart.
    """
    async with uow:
        today = london(uow.now).date()
        new.details.check(today)
        manager = await _manager(uow, new.manager_username, directory)
        store = uow.store(PersonStore)
        person = await store.add(new.crn, new.noms_number, new.details)
        if new.address is not None:
            await store.add_address(person.id, new.address, today)
        await store.add_disabilities(person.id, new.disabilities)
        await uow.store(ManagerStore).add(person.id, Role.COMMUNITY, manager, at=uow.now, responsible=True)
        reference, detail = person.reference, f"/probation-case/{person.crn}/details"
        uow.publish(EngagementCreated(crn=person.crn, person=reference, detail_path=detail))
        if person.noms_number is not None:
            uow.publish(PrisonIdentifierAdded(crn=person.crn, person=reference, detail_path=detail))
        await _sentence(uow, person, new)
    return person


async def add_noms_number(uow: UnitOfWork, crn: str, noms_number: str) -> Person:
    """The case, linked to a prison record; the same number again changes nothing.

    Raises CaseNotFound, NomsNumberTaken.
    """
    async with uow:
        store = uow.store(PersonStore)
        before = await store.get(crn, lock=True)
        person = before.with_noms_number(noms_number)
        if person != before:
            await store.save(person)
            path = f"/probation-case/{crn}/identifiers"
            uow.publish(PrisonIdentifierAdded(crn=crn, person=person.reference, detail_path=path))
    return person


async def _manager(uow: UnitOfWork, username: str | None, directory: NewStaff | None) -> Staff:
    if username is None:
        return await uow.store(StaffStore).get_by_code(UNALLOCATED_STAFF)
    return await resolve_staff(uow, username, directory=directory)


async def _sentence(uow: UnitOfWork, person: Person, new: NewCase) -> None:
    if new.sentence is None:
        return
    new.sentence.check()
    conviction = await uow.store(ConvictionStore).add(person.id, new.sentence, has_rar=new.has_rar)
    path = f"/probation-case/{person.crn}/convictions/{conviction.id}"
    uow.publish(
        SentenceCreated(crn=person.crn, event_number=conviction.number, person=person.reference, detail_path=path)
    )
