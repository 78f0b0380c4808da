"""Who manages a case: the community manager, and in custody the prison manager; one of them is responsible.

Source: ministryofjustice/hmpps-probation-integration-services, projects/refer-and-monitor-and-delius.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from throughcare.services.probation.contact.model import Assignment, Contact, Kind
from throughcare.services.probation.staff.model import Staff


class Role(StrEnum):
    """In which of the two ways somebody manages a case."""

    COMMUNITY = "COMMUNITY"
    PRISON = "PRISON"


@dataclass(frozen=True)
class Manager:
    """A member of staff who manages a case now."""

    id: int
    role: Role
    staff: Staff
    allocated_at: datetime
    responsible_officer: bool


@dataclass(frozen=True)
class Managers:
    """The managers of a case now. Every case has a community manager, if only the place-holder of a team."""

    person_id: int
    community: Manager
    prison: Manager | None

    @property
    def responsible(self) -> Manager:
        """The responsible officer."""
        if self.prison is not None and self.prison.responsible_officer:
            return self.prison
        return self.community

    def contact(self, kind: Kind, at: datetime, *, notes: str | None = None) -> Contact:
        """An entry about the management of the case, under its community manager."""
        staff = self.community.staff
        assignment = Assignment(staff.team.provider_code, staff.team.code, staff.code)
        return Contact(person_id=self.person_id, type_code=str(kind), start_time=at, assignment=assignment, notes=notes)
