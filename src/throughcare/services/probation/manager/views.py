"""What others ask about the managers of cases."""

from __future__ import annotations

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.probation.manager.model import Manager, Managers
from throughcare.services.probation.manager.schemas import (
    ManagedCase,
    ManagedCases,
    ManagerRead,
    Pdu,
    ResponsibleOfficer,
    TeamRead,
)
from throughcare.services.probation.manager.store import current_managers, manager, to_managers
from throughcare.services.probation.person.schemas import Name
from throughcare.services.probation.person.store import person
from throughcare.services.probation.reference.schemas import Location


class ManagerViews(Views):
    """Reads of managers."""

    async def responsible_officer(self, person_id: int) -> ResponsibleOfficer:
        """The managers of a case now."""
        return to_wire(to_managers(person_id, list(await self.all(current_managers(person_id)))))

    async def managed_cases(self, staff_code: str) -> ManagedCases:
        """The cases that a member of staff manages now, by CRN."""
        rows = await self.all(
            select(person.c.crn, person.c.noms_number)
            .join(manager, manager.c.person_id == person.c.id)
            .where(manager.c.staff_code == staff_code, manager.c.ended_at.is_(None))
            .distinct()
            .order_by(person.c.crn)
        )
        return ManagedCases(managed_cases=[ManagedCase(crn=row["crn"], noms_id=row["noms_number"]) for row in rows])


def to_wire(managers: Managers) -> ResponsibleOfficer:
    """The managers of a case as they go over the wire."""
    show_prison = managers.prison is not None and not managers.community.responsible_officer
    return ResponsibleOfficer(
        community_manager=_read(managers.community),
        prison_manager=_read(managers.prison) if managers.prison and show_prison else None,
    )


def _read(one: Manager) -> ManagerRead:
    staff, team = one.staff, one.staff.team
    known = not staff.unallocated
    return ManagerRead(
        code=staff.code, name=Name(forename=staff.forename, surname=staff.surname),
        username=staff.username if known else None, email=staff.email if known else None,
        telephone_number=staff.telephone_number if known else None,
        responsible_officer=one.responsible_officer,
        pdu=Pdu(code=team.pdu_code, description=team.pdu_description),
        team=TeamRead(
            code=team.code, description=team.description, email=team.email,
            telephone_number=team.telephone_number,
        ),
        office_locations=[Location.model_validate(office) for office in team.offices],
        unallocated=staff.unallocated,
    )  # fmt: skip
