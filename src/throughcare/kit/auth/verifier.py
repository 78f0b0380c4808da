"""Verifies access tokens; the only code that does.

The checks and their order follow RFC 6750, RFC 7515, RFC 8725 and RFC 9068: what a caller writes into the
header of a token chooses nothing but which of our own keys is tried.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NoReturn

from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from throughcare.kit.auth.claims import Claims, TokenRefused, check_claims
from throughcare.kit.auth.jwks import KeySource, VerificationKey
from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import Clock
from throughcare.kit.telemetry import metrics

__all__ = ["ALGORITHMS", "MAX_TOKEN_BYTES", "TokenReader", "TokenRefused", "TokenVerifier", "bearer_token"]

ALGORITHMS = ("RS256",)
MAX_TOKEN_BYTES = 16 * 1024
TYPES = frozenset({"at+jwt", "application/at+jwt"})

_REGISTRY = JWSRegistry(algorithms=ALGORITHMS)
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


def bearer_token(authorization: Sequence[str]) -> str:
    """The token in the ``Authorization`` headers of a request, all of them given. Raises TokenRefused."""
    if len(authorization) > 1:
        raise TokenRefused("format")
    scheme, _, token = (authorization[0] if authorization else "").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused("absent")
    if not token.isascii():
        raise TokenRefused("format")
    return token


class TokenReader:
    """Reads tokens of one issuer, for ``audience`` or, when that is None, for any service."""

    def __init__(self, *, issuer: str, audience: str | None, keys: KeySource, clock: Clock) -> None:
        self._issuer, self._audience, self._keys, self._clock = issuer, audience, keys, clock

    async def read(self, token: str) -> Claims:
        """The claims of a compact token once every check has passed. Raises TokenRefused, KeysUnavailable."""
        return (await self.read_with_key(token))[0]

    async def read_with_key(self, token: str) -> tuple[Claims, VerificationKey]:
        """The claims and the key that signed them. Raises TokenRefused, KeysUnavailable."""
        header, signed, payload, signature = _split(token)
        algorithm, kid = _choose(header)
        key = await self._keys.find(kid)
        if key is None:
            raise TokenRefused("kid")
        _check_signature(algorithm, key, signed, signature)
        kind = header.get("typ")
        if not isinstance(kind, str) or kind.lower() not in TYPES:
            raise TokenRefused("typ")
        now = self._clock.now().timestamp()
        claims = _object(payload, "payload")
        return check_claims(claims, issuer=self._issuer, audience=self._audience, now=now), key


@dataclass(frozen=True, slots=True)
class _Verified:
    claims: Claims
    principal: Principal
    key: VerificationKey


class TokenVerifier:
    """Turns the ``Authorization`` headers of a request into the caller.

    Tokens that passed are remembered, up to ``cache_size`` of them: one shown again costs a look at the clock
    and at whether its key is still published. Refusals are counted by reason.
    """

    def __init__(self, *, issuer: str, audience: str, keys: KeySource, clock: Clock, cache_size: int = 4096) -> None:
        self._reader = TokenReader(issuer=issuer, audience=audience, keys=keys, clock=clock)
        self._keys, self._clock, self._cache_size = keys, clock, cache_size
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def verify(self, authorization: Sequence[str]) -> Principal:
        """Who calls, given all ``Authorization`` headers. Raises TokenRefused, KeysUnavailable."""
        try:
            return await self._verify(bearer_token(authorization))
        except TokenRefused as refused:
            metrics.auth_token_rejected_total.labels(refused.reason).inc()
            raise

    async def _verify(self, token: str) -> Principal:
        digest = sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None:
            current = await self._keys.find(known.key.kid)
            if current is not None and current.thumbprint == known.key.thumbprint:
                known.claims.validity.check(self._clock.now().timestamp())
                self._verified.move_to_end(digest)
                return known.principal
        claims, key = await self._reader.read_with_key(token)
        verified = _Verified(claims, claims.principal(token), key)
        self._remember(digest, verified)
        return verified.principal

    def _remember(self, digest: bytes, verified: _Verified) -> None:
        self._verified[digest] = verified
        if len(self._verified) > self._cache_size:
            self._verified.popitem(last=False)


def _split(token: str) -> tuple[Mapping[str, object], bytes, bytes, bytes]:
    if token.count(".") != 2:
        raise TokenRefused("format")
    if len(token) > MAX_TOKEN_BYTES:
        raise TokenRefused("size")
    if not _COMPACT.fullmatch(token):
        raise TokenRefused("format")
    raw = token.encode()
    signed, _, signature = raw.rpartition(b".")
    header, _, payload = signed.partition(b".")
    return _object(_decode(header), "format"), signed, _decode(payload), _decode(signature)


def _decode(segment: bytes) -> bytes:
    try:
        return urlsafe_b64decode(segment)
    except ValueError:
        raise TokenRefused("format") from None


def _object(text: bytes, reason: str) -> dict[str, object]:
    try:
        value = json.loads(text.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise TokenRefused(reason) from None
    if not isinstance(value, dict):
        raise TokenRefused(reason)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _choose(header: Mapping[str, object]) -> tuple[str, str]:
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenRefused("alg")
    if "crit" in header:
        raise TokenRefused("crit")
    if not isinstance(kid, str) or not kid:
        raise TokenRefused("kid")
    return algorithm, kid


def _check_signature(name: str, key: VerificationKey, signed: bytes, signature: bytes) -> None:
    algorithm = _REGISTRY.get_alg(name)
    try:
        algorithm.check_key(key.key)
        key.key.check_key_op("verify")
    except JoseError:
        raise TokenRefused("kid") from None
    if not algorithm.verify(signed, signature, key.key):
        raise TokenRefused("signature")
