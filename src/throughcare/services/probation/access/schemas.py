"""Access limits as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire

Username = Annotated[str, Field(min_length=1, max_length=240)]
Message = Annotated[str, Field(max_length=4000)]
Crns = Annotated[list[Annotated[str, Field(min_length=1, max_length=20)]], Field(min_length=1, max_length=500)]


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


class AccessLimitations(Wire):
    """Who may not see a case, and who alone may."""

    excluded_from: list[Username] = Field(default=[])
    exclusion_message: Message | None = None
    restricted_to: list[Username] = Field(default=[])
    restriction_message: Message | None = None
