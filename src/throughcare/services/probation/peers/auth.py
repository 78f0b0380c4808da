"""The user directory."""

from __future__ import annotations

from urllib.parse import quote

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.staff.model import NewStaff, normal

CALLER = "me"
"""The directory's address for whoever asks: nobody's name."""


class DirectoryUser(Wire):
    """A user, as the directory describes them."""

    username: str
    name: str = ""
    user_id: str | None = None


class DirectoryEmail(Wire):
    """A user's verified e-mail address."""

    email: str | None = None


class UserDirectory(Peer, service="auth"):
    """Looks users up."""

    async def find(self, username: str, *, source: str | None = "delius") -> NewStaff | None:
        """The user with this name, of one source or of any, as somebody to join the staff list; or None."""
        if username.lower() == CALLER:
            return None
        path = f"/users/{quote(username, safe='')}"
        user = await self.get(path, DirectoryUser, params={"authSource": source}, missing=None)
        if user is None or normal(user.username) != normal(username):
            return None
        address = await self.get(f"{path}/email", DirectoryEmail, params={"authSource": source}, missing=None)
        forename, _, surname = user.name.partition(" ")
        return NewStaff(
            username=user.username,
            user_id=int(user.user_id) if user.user_id and user.user_id.isdecimal() else None,
            forename=forename or user.username, surname=surname or user.username,
            email=address.email if address else None,
        )  # fmt: skip
