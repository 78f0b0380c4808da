"""Staff as they go over the wire."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.person.schemas import Name


class StaffDetails(Wire):
    """A member of staff."""

    username: str
    name: Name
    email: str | None = None
