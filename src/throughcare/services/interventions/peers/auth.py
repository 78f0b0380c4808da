"""Users: who they are, how to reach them, and what provider groups they are in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from throughcare.kit.http.peer import Peer
from throughcare.kit.http.together import together
from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.model import Actor, Kind


class _Group(Wire):
    group_code: str


class _ExternalUser(Wire):
    user_id: str
    username: str
    first_name: str
    last_name: str
    email: str | None = None
    verified: bool = False


class _User(Wire):
    name: str | None = None


class _Email(Wire):
    email: str | None = None


@dataclass(frozen=True)
class Contact:
    """How to write to a person on the side ``kind``."""

    first_name: str
    last_name: str
    email: str
    kind: Kind = Kind.PRACTITIONER


class AuthPeer(Peer, service="auth", timeout=3.0):
    """The authorisation server's user look-ups."""

    async def groups(self, user_id: str) -> list[str] | None:
        """Codes of the groups of an external user; None when there is no such user.

        A page asks several things about a referral at the same time: for all of them this is asked once.
        """
        return await together(self._link.client, ("groups", user_id), lambda: self._groups(user_id))

    async def _groups(self, user_id: str) -> list[str] | None:
        found = await self.get(f"/externalusers/{quote(user_id)}/groups", list[_Group], missing=None)
        return None if found is None else [one.group_code for one in found]

    async def contact(self, person: Actor) -> Contact | None:
        """How to write to ``person``; None when they are unknown or have no verified address."""
        if person.auth_source == Kind.PROVIDER.value:
            external = await self._external(person.username)
            if external is None or not external.verified or not external.email:
                return None
            return Contact(external.first_name, external.last_name, external.email, Kind.PROVIDER)
        path, source = f"/users/{quote(person.username)}", {"authSource": person.auth_source}
        user = await self.get(path, _User, params=source, missing=None)
        address = await self.get(f"{path}/email", _Email, params=source, missing=None)
        if user is None or address is None or not address.email:
            return None
        words = (user.name or "").split(" ")
        return Contact(words[0], words[-1], address.email)

    async def full_name(self, person: Actor) -> str | None:
        """First and last name of ``person``; None when they are unknown."""
        if person.auth_source == Kind.PROVIDER.value:
            external = await self._external(person.username)
            return None if external is None else f"{external.first_name} {external.last_name}"
        params = {"authSource": person.auth_source}
        user = await self.get(f"/users/{quote(person.username)}", _User, params=params, missing=None)
        return None if user is None else user.name

    async def external_user_id(self, username: str) -> str | None:
        """The id of an external user; None when there is no such user."""
        user = await self._external(username)
        return None if user is None else user.user_id

    async def _external(self, username: str) -> _ExternalUser | None:
        if not username:
            return None
        return await self.get(f"/externalusers/{quote(username)}", _ExternalUser, missing=None)
