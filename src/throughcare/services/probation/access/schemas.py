"""Access limits as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.access.model import Decision

Username = Annotated[str, Field(min_length=1, max_length=240)]
Message = Annotated[str, Field(max_length=4000)]
Crns = Annotated[list[Annotated[str, Field(min_length=1, max_length=20)]], Field(min_length=1, max_length=500)]


class AskedCases(Wire):
    """The cases that are asked about, up to 500."""

    crns: Crns


class CaseAccess(Wire):
    """Whether a user may see one case, and what to tell them."""

    crn: str
    user_excluded: bool
    user_restricted: bool
    exclusion_message: str | None = None
    restriction_message: str | None = None


class UserAccess(Wire):
    """Whether a user may see each of the cases asked for. A CRN without a case is left out: deny it."""

    access: list[CaseAccess]

    @classmethod
    def of(cls, decisions: Mapping[str, Decision]) -> UserAccess:
        """The wire form of decisions by CRN."""
        return cls(access=[CaseAccess(crn=crn, **vars(decision)) for crn, decision in decisions.items()])


class AccessLimitations(Wire):
    """Who may not see a case, and who alone may."""

    excluded_from: list[Username] = Field(default=[])
    exclusion_message: Message | None = None
    restricted_to: list[Username] = Field(default=[])
    restriction_message: Message | None = None


class LimitedUser(Wire):
    """Somebody whom a limit names, as far as the staff list can say how to reach them."""

    email: str | None


class LimitedAccess(Wire):
    """Who is kept from a case, to whom alone it is open, and what each is told."""

    excluded_from: list[LimitedUser]
    exclusion_message: str | None
    restricted_to: list[LimitedUser]
    restriction_message: str | None
