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


class Users(Peer, service="auth", timeout=3.0):
    """The part of the authorisation server that knows people."""

    async def names(self, usernames: Iterable[str]) -> dict[str, str]:
        """The names of people; a sentence stands where one is not known, since user names are nobody's business.

        A name that was told is not asked for again for some minutes, whoever asks.
        """
        wanted = sorted(set(usernames))
        return dict(zip(wanted, await asyncio.gather(*map(self._name, wanted)), strict=True))

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
