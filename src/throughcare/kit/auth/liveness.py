"""Whether the sign-in behind a token is still alive, which a signed token cannot know.

A token says what was true when it was issued; it is verified offline. Pages ask the authorisation server too,
so that whoever signs out of one service, or is shut out, is out of all of them within half a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

import httpx2
from prometheus_client import Counter

from throughcare.kit.errors import Unavailable
from throughcare.kit.telemetry.metrics import REGISTRY

ACTIVE_SECONDS = 30.0
STALE_SECONDS = 300.0
CONNECT_SECONDS, TOTAL_SECONDS = 0.5, 1.5
CONNECTION_FAILURES = (httpx2.ConnectError, httpx2.ConnectTimeout)

stale_served_total = Counter(
    "token_verify_stale_served_total", "Pages served on an old answer about a token.", registry=REGISTRY
)

Ask = Callable[[str], Awaitable[bool]]


class LivenessUnknown(Unavailable):
    """The authorisation server does not answer, and its last answer is too old to go on (503)."""

    code = "SIGN_IN_CHECKS_UNAVAILABLE"
    title = "Sign-in checks unavailable"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "30"})


class Liveness:
    """What ``ask`` says of a token. That it is alive is believed for half a minute; that it is not, never again.

    While ``ask`` fails, a page may still be read for as long as the last good answer is no older than five minutes.
    """

    def __init__(
        self, ask: Ask, *, monotonic: Callable[[], float] = time.monotonic, cache_size: int = 4096
    ) -> None:  # fmt: skip
        self._ask, self._monotonic, self._cache_size = ask, monotonic, cache_size
        self._alive_at: OrderedDict[bytes, float] = OrderedDict()

    async def alive(self, token: str, *, reading: bool) -> bool:
        """Whether ``token`` counts; ``reading`` says that nothing is changed by what follows.

        Raises LivenessUnknown.
        """
        digest, now = sha256(token.encode()).digest(), self._monotonic()
        age = now - self._alive_at[digest] if digest in self._alive_at else None
        if age is not None and age < ACTIVE_SECONDS:
            return True
        try:
            alive = await self._ask(token)
        except Unavailable:
            if reading and age is not None and age <= STALE_SECONDS:
                stale_served_total.inc()
                return True
            raise LivenessUnknown from None
        self._note(digest, now if alive else None)
        return alive

    def _note(self, digest: bytes, alive_at: float | None) -> None:
        self._alive_at.pop(digest, None)
        if alive_at is not None:
            self._alive_at[digest] = alive_at
            if len(self._alive_at) > self._cache_size:
                self._alive_at.popitem(last=False)


def asking(client: Callable[[], httpx2.AsyncClient]) -> Ask:
    """Asks the authorisation server that ``client`` leads to about a token, which is shown as the caller's own."""

    async def ask(token: str) -> bool:
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                reply = await _shown(client(), token)
        except (httpx2.RequestError, TimeoutError) as error:
            raise Unavailable(developer_message=f"auth: {type(error).__name__}") from None
        if reply.status_code == 401:
            return False
        try:
            active = reply.json()["active"] if reply.status_code == 200 else None
        except (ValueError, KeyError, TypeError):
            active = None
        if not isinstance(active, bool):
            raise Unavailable(developer_message=f"auth: unreadable answer, {reply.status_code}")
        return active

    return ask


async def _shown(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    """The answer; a connection that cannot be made is tried once more."""
    limits = httpx2.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    headers = {"Authorization": f"Bearer {token}"}
    try:
        return await client.post("/token/verify", headers=headers, timeout=limits)
    except CONNECTION_FAILURES:
        return await client.post("/token/verify", headers=headers, timeout=limits)
