"""People who have an account, by their user names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Named(Wire):
    """What somebody is called."""

    username: str
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

        What was told is not asked for again for some minutes, whoever asks; the rest is asked for in one call.
        """
        known, now = _kept.setdefault(self._link.client, {}), real_now()
        wanted = set(usernames)
        found = {one: known[one][1] for one in wanted if one in known and now - known[one][0] < KEPT_FOR}
        for one, name in (await self._asked(sorted(wanted - found.keys()))).items():
            if len(known) >= MOST_KEPT:
                known.clear()
            known[one], found[one] = (now, name), name
        return {one: found.get(one, NOT_AVAILABLE) for one in wanted}

    async def email(self, username: str) -> str | None:
        """The verified email address of an account; None without one. Raises PeerUnavailable."""
        found = await self.get(f"/users/{quote(username, safe='')}/email", Email, missing=None)
        return found.email if found else None

    async def with_email(self, email: str) -> ProviderAccount | None:
        """The open account of a service provider's user who has this email address. Raises PeerUnavailable."""
        nobody: list[ProviderAccount] = []
        found = await self.get("/externalusers", list[ProviderAccount], params={"email": email}, missing=nobody)
        return next((one for one in found if one.enabled), None)

    async def _asked(self, usernames: Sequence[str]) -> dict[str, str]:
        """The answer about each of these people; about nobody when it is not to be had just now."""
        if not usernames:
            return {}
        try:
            told: list[Named] = await self.post(
                "/users/names", list[Named], json={"usernames": list(usernames)}, safe=True
            )
        except ServiceError:
            return {}
        names = {one.username: one.name for one in told}
        return {one: names.get(one.upper(), NOT_AVAILABLE) for one in usernames}


def forget_names() -> None:
    """Ask anew next time."""
    _kept.clear()
