"""Where a verifier finds the keys that sign tokens: a JWK Set (RFC 7517), fetched now and then."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from throughcare.kit.errors import Unavailable
from throughcare.kit.telemetry.logs import get_logger

log = get_logger(__name__)

MAX_AGE_SECONDS = 300.0
REFETCH_GAP_SECONDS = 30.0

Fetch = Callable[[], Awaitable[Mapping[str, object]]]


class KeysUnavailable(Unavailable):
    """No signing key was ever fetched, so that no token can be judged (503)."""

    code = "SIGNING_KEYS_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key of the authorisation server; the same ``thumbprint`` (RFC 7638) is the same key."""

    kid: str
    key: Key
    thumbprint: str


class KeySource(Protocol):
    """Finds the key that a token names."""

    async def find(self, kid: str) -> VerificationKey | None:
        """The key called ``kid``, or None when there is none. Raises KeysUnavailable."""


class JwksKeys(KeySource):
    """What ``fetch`` answers, fetched anew after ``max_age`` seconds and when a token names an unknown key.

    An unknown key causes at most one fetch every ``refetch_gap`` seconds of real time. Everyone who needs a
    fetch at the same time shares it. While fetching fails, the keys known last are served, and whoever names one
    of them waits for no further attempt.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        max_age: float = MAX_AGE_SECONDS,
        refetch_gap: float = REFETCH_GAP_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch, self._max_age, self._gap, self._monotonic = fetch, max_age, refetch_gap, monotonic
        self._keys: dict[str, VerificationKey] | None = None
        self._stale_at = self._refetch_at = -math.inf
        self._fetching: asyncio.Task[None] | None = None
        self._failed = False

    async def find(self, kid: str) -> VerificationKey | None:
        """The key called ``kid``, or None. Raises KeysUnavailable when no fetch has succeeded yet."""
        known = self._keys is not None and kid in self._keys
        stale = self._keys is None or self._monotonic() >= self._stale_at
        if stale or (not known and self._may_refetch()):
            fetching = self._begin_fetching()
            if not (known and self._failed):
                await asyncio.shield(fetching)
        if self._keys is None:
            raise KeysUnavailable
        return self._keys.get(kid)

    def _may_refetch(self) -> bool:
        if self._fetching is not None:
            return True
        now = self._monotonic()
        if now < self._refetch_at:
            return False
        self._refetch_at = now + self._gap
        return True

    def _begin_fetching(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch_keys())
            self._fetching.add_done_callback(self._forget)
        return self._fetching

    def _forget(self, _done: asyncio.Task[None]) -> None:
        self._fetching = None

    async def _fetch_keys(self) -> None:
        try:
            self._keys = import_keys(await self._fetch())
            self._stale_at, self._failed = self._monotonic() + self._max_age, False
        except Exception as error:  # whatever the transport raises: the last keys stay in use
            log.warning("signing keys could not be fetched", labels={"error_class": type(error).__name__})
            self._stale_at, self._failed = self._monotonic() + self._gap, True


def import_keys(document: Mapping[str, object]) -> dict[str, VerificationKey]:
    """The keys of a JWK Set by ``kid``; those that cannot be used left out. Raises ValueError."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise ValueError("a JWK Set has a list of keys")
    return {key.kid: key for jwk in listed if (key := _import(jwk)) is not None}


def _import(jwk: object) -> VerificationKey | None:
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str) or not jwk["kid"]:
        return None
    try:
        key = import_key(jwk)
        return VerificationKey(jwk["kid"], key, key.thumbprint())
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.warning("a published key cannot be used", labels={"error_class": type(error).__name__})
        return None
