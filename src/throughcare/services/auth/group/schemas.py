"""What the management façade says of a group."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire


class UserGroup(Wire):
    """A group that a user is in."""

    group_code: str
    group_name: str
