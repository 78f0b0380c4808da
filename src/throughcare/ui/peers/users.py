"""People who have an account, by their user names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import quote
from weakref import WeakKeyDictionary

import httpx2

from throughcare.kit.clock import real_now
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

NOT_AVAILABLE = "Name not available"
KEPT_FOR, MOST_KEPT = timedelta(minutes=5), 10_000

_kept: WeakKeyDictionary[httpx2.AsyncClient, dict[str, tuple[datetime, str]]] = WeakKeyDictionary()


class Account(Wire):
    """An account."""

    name: str


class Email(Wire):
    """An email address that is known to be its owner's."""

    email: str


class ProviderAccount(Wire):
    """The account of somebody of a service provider."""

    user_id: str
    username: str
    first_name: str
    last_name: str
    email: str | None = None
    enabled: bool = True

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


class Users(Peer, service="auth", timeout=3.0):
    """The part of the authorisation server that knows people."""

    async def names(self, usernames: Iterable[str]) -> dict[str, str]:
        """The names of people; a sentence stands where one is not known, since user names are nobody's business.

        A name that was told is not asked for again for some minutes, whoever asks.
        """
        wanted = sorted(set(usernames))
        return dict(zip(wanted, await asyncio.gather(*map(self._name, wanted)), strict=True))

    async def email(self, username: str) -> str | None:
        """The verified email address of an account; None without one. Raises PeerUnavailable."""
        found = await self.get(f"/users/{quote(username, safe='')}/email", Email, missing=None)
        return found.email if found else None

    async def with_email(self, email: str) -> ProviderAccount | None:
        """The open account of a service provider's user who has this email address. Raises PeerUnavailable."""
        nobody: list[ProviderAccount] = []
        found = await self.get("/externalusers", list[ProviderAccount], params={"email": email}, missing=nobody)
        return next((one for one in found if one.enabled), None)

    async def _name(self, username: str) -> str:
        known, now = _kept.setdefault(self._link.client, {}), real_now()
        held = known.get(username)
        if held is not None and now - held[0] < KEPT_FOR:
            return held[1]
        try:
            found = await self.get(f"/users/{quote(username, safe='')}", Account, missing=None)
        except ServiceError:
            return NOT_AVAILABLE
        if found is None:
            return NOT_AVAILABLE
        if len(known) >= MOST_KEPT:
            known.clear()
        known[username] = (now, found.name)
        return found.name


def forget_names() -> None:
    """Ask anew next time."""
    _kept.clear()
