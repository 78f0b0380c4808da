"""People who have an account, by their user names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from urllib.parse import quote

from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class Account(Wire):
    """An account."""

    name: str


class Users(Peer, service="auth", timeout=3.0):
    """The part of the authorisation server that knows people."""

    async def names(self, usernames: Iterable[str]) -> dict[str, str]:
        """The names of people; a user name stands for itself where its owner's is not known."""
        wanted = sorted(set(usernames))
        return dict(zip(wanted, await asyncio.gather(*map(self._name, wanted)), strict=True))

    async def _name(self, username: str) -> str:
        try:
            found = await self.get(f"/users/{quote(username, safe='')}", Account, missing=None)
        except ServiceError:
            return username
        return found.name if found else username
