"""Following a person into custody and out of it."""

from __future__ import annotations

from datetime import datetime

from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.contact.model import Kind
from throughcare.services.probation.contact.store import ContactStore
from throughcare.services.probation.conviction.store import ConvictionStore
from throughcare.services.probation.custody.model import Custody, Status, is_news, reception_kind, released
from throughcare.services.probation.custody.store import CustodyStore
from throughcare.services.probation.manager.events import CommunityManagerAllocated
from throughcare.services.probation.manager.model import Managers, Role
from throughcare.services.probation.manager.store import ManagerStore
from throughcare.services.probation.manager.usecases import resolve_staff
from throughcare.services.probation.person.model import Person
from throughcare.services.probation.person.store import PersonStore
from throughcare.services.probation.staff.model import NewStaff


async def record_release(uow: UnitOfWork, noms_number: str, *, at: datetime) -> bool:
    """Hand a case over to its community manager; whether there was a case and this was news to it."""
    async with uow:
        person = await uow.store(PersonStore).find_by_noms_number(noms_number, lock=True)
        if person is None:
            return False
        store = uow.store(CustodyStore)
        sentenced = await uow.store(ConvictionStore).has_active(person.id)
        outside = released(person.id, at, sentenced=sentenced)
        if not is_news(await store.find(person.id), outside):
            return False
        await store.save(outside)
        managers = await uow.store(ManagerStore).get(person.id)
        await uow.store(ContactStore).add(managers.contact(Kind.RELEASED, at))
        await uow.store(ManagerStore).end(person.id, Role.PRISON, at=at)
        await _make_responsible(uow, person, managers, Role.COMMUNITY, at)
    return True


async def record_reception(
    uow: UnitOfWork, noms_number: str, *, prison_id: str | None, at: datetime, admitted: bool
) -> bool:
    """Follow a person into a prison; on admission under sentence a prison manager becomes responsible.

    ``admitted`` is False for a transfer. Returns whether there was a case and this was news to it.
    """
    async with uow:
        person = await uow.store(PersonStore).find_by_noms_number(noms_number, lock=True)
        if person is None:
            return False
        store = uow.store(CustodyStore)
        before, inside = await store.find(person.id), Custody(person.id, Status.IN_CUSTODY, prison_id, at)
        if not is_news(before, inside):
            return False
        await store.save(inside)
        managers = await uow.store(ManagerStore).get(person.id)
        await uow.store(ContactStore).add(managers.contact(reception_kind(before), at))
        sentenced = await uow.store(ConvictionStore).has_active(person.id)
        if admitted and sentenced and managers.prison is not None:
            await _make_responsible(uow, person, managers, Role.PRISON, at)
    return True


async def allocate_prison_manager(uow: UnitOfWork, crn: str, username: str, *, directory: NewStaff | None) -> Managers:
    """The managers once ``username`` is the prison manager, responsible while the person is in custody.

    Raises CaseNotFound, StaffUnknown.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(ManagerStore)
        managers = await store.get(person.id)
        staff = await resolve_staff(uow, username, directory=directory)
        if managers.prison is not None and managers.prison.staff.code == staff.code:
            return managers
        whereabouts = await uow.store(CustodyStore).find(person.id)
        inside = whereabouts is not None and whereabouts.inside
        await store.allocate(person.id, Role.PRISON, staff, at=uow.now, responsible=False)
        await uow.store(ContactStore).add(managers.contact(Kind.PRISON_MANAGER_ALLOCATED, uow.now))
        managers = await store.get(person.id)
        if inside and await uow.store(ConvictionStore).has_active(person.id):
            await _make_responsible(uow, person, managers, Role.PRISON, uow.now)
            managers = await store.get(person.id)
    return managers


async def _make_responsible(uow: UnitOfWork, person: Person, managers: Managers, role: Role, at: datetime) -> None:
    if managers.responsible.role is role:
        return
    await uow.store(ManagerStore).make_responsible(person.id, role)
    await uow.store(ContactStore).add(managers.contact(Kind.RESPONSIBLE_OFFICER_CHANGED, at))
    if role is Role.COMMUNITY:
        path = f"/probation-case/{person.crn}/responsible-officer"
        uow.publish(CommunityManagerAllocated(crn=person.crn, person=person.reference, detail_path=path))
