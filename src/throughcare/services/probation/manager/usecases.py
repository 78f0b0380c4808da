"""Allocating a case to a community manager."""

from __future__ import annotations

from throughcare.kit.db import UnitOfWork
from throughcare.services.probation.contact.model import Kind
from throughcare.services.probation.contact.store import ContactStore
from throughcare.services.probation.manager.events import CommunityManagerAllocated
from throughcare.services.probation.manager.model import Managers, Role
from throughcare.services.probation.manager.store import ManagerStore
from throughcare.services.probation.person.store import PersonStore
from throughcare.services.probation.staff.model import NewStaff, Staff, StaffUnknown
from throughcare.services.probation.staff.store import StaffStore


async def allocate_community_manager(
    uow: UnitOfWork, crn: str, username: str, *, directory: NewStaff | None
) -> Managers:
    """The case's managers once ``username`` is its community manager; the same again changes nothing.

    ``directory`` is what the user directory says of them. Raises CaseNotFound, StaffUnknown.
    """
    async with uow:
        person = await uow.store(PersonStore).get(crn, lock=True)
        store = uow.store(ManagerStore)
        managers = await store.get(person.id)
        staff = await resolve_staff(uow, username, directory=directory)
        if managers.community.staff.code == staff.code:
            return managers
        responsible = managers.responsible.role is Role.COMMUNITY
        await store.allocate(person.id, Role.COMMUNITY, staff, at=uow.now, responsible=responsible)
        managers = await store.get(person.id)
        await uow.store(ContactStore).add(managers.contact(Kind.COMMUNITY_MANAGER_CHANGED, uow.now))
        path = f"/probation-case/{crn}/responsible-officer"
        uow.publish(CommunityManagerAllocated(crn=crn, person=person.reference, detail_path=path))
    return managers


async def resolve_staff(uow: UnitOfWork, username: str, *, directory: NewStaff | None) -> Staff:
    """The member of staff called ``username``, who joins the list from the directory when new.

    Raises StaffUnknown.
    """
    store = uow.store(StaffStore)
    found = await store.find(username)
    if found is not None:
        return found
    if directory is None:
        raise StaffUnknown
    return await store.add(directory)
