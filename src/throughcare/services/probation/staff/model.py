"""Probation staff and their teams."""

from __future__ import annotations

from dataclasses import dataclass

from throughcare.kit.errors import BadRequest, NotFound
from throughcare.services.probation.reference.model import OfficeLocation

UNALLOCATED_MARK = "U"


class StaffNotFound(NotFound):
    """Nobody on the staff has this user name (404)."""

    code = "STAFF_NOT_FOUND"
    title = "There is no member of staff with this user name"


class StaffUnknown(BadRequest):
    """The request names a user whom neither the staff list nor the user directory knows (400)."""

    code = "STAFF_UNKNOWN"
    title = "There is no probation user with this user name"


@dataclass(frozen=True)
class Team:
    """A team with its delivery unit (PDU), provider and offices."""

    code: str
    description: str
    email: str | None
    telephone_number: str | None
    pdu_code: str
    pdu_description: str
    provider_code: str
    offices: tuple[OfficeLocation, ...] = ()


@dataclass(frozen=True)
class NewStaff:
    """A user of the directory who is to join the staff list."""

    username: str
    user_id: int | None
    forename: str
    surname: str
    email: str | None


@dataclass(frozen=True)
class Staff:
    """A member of staff. The code of a place-holder for nobody yet ends in U."""

    code: str
    username: str | None
    user_id: int | None
    forename: str
    surname: str
    email: str | None
    telephone_number: str | None
    team: Team

    @property
    def unallocated(self) -> bool:
        """Whether this is the place-holder of a team: its contact details must not be trusted.

        Source: ministryofjustice/hmpps-probation-integration-services, projects/refer-and-monitor-and-delius.
        """
        return self.code.endswith(UNALLOCATED_MARK)


def normal(username: str) -> str:
    """A user name as it is stored and compared."""
    return username.strip().upper()
