"""Managers as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.person.schemas import Name
from throughcare.services.probation.reference.schemas import Location


class Pdu(Wire):
    """A probation delivery unit."""

    code: str
    description: str


class TeamRead(Wire):
    """A team."""

    code: str
    description: str
    email: str | None
    telephone_number: str | None


class ManagerRead(Wire):
    """A manager. Of an unallocated case neither user name nor contact details are told."""

    code: str
    name: Name
    username: str | None
    email: str | None
    telephone_number: str | None
    responsible_officer: bool
    pdu: Pdu
    team: TeamRead
    office_locations: list[Location]
    unallocated: bool


class ResponsibleOfficer(Wire):
    """The managers of a case; a prison manager is left out while the community manager is responsible."""

    community_manager: ManagerRead
    prison_manager: ManagerRead | None


class ManagedCase(Wire):
    """A case that somebody manages."""

    crn: str
    noms_id: str | None


class ManagedCases(Wire):
    """The cases that somebody manages."""

    managed_cases: list[ManagedCase]


class NewManager(Wire):
    """Who is to manage a case."""

    username: Annotated[str, Field(min_length=1, max_length=240)]
