"""A key that signs tokens: kept encrypted, and published for as long as anything that it signed may live.

The private half is a JSON Web Encryption (RFC 7516) under a key derived from the system's secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from joserfc import jwe
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import json_b64encode, urlsafe_b64encode

from throughcare.kit.errors import Conflict

ALGORITHM = "RS256"
BITS = 3072
BITS_IN_TESTS = 2048
PUBLISHED_BEFORE_USE = timedelta(hours=1)
KEPT_AFTER_USE = timedelta(hours=24, minutes=1)
PURPOSE = "auth:signing-keys"

State = Literal["next", "current", "retiring"]


class NextKeyTooYoung(Conflict):
    """The next key has not been published for an hour, so that verifiers may not have it yet (409)."""

    code = "NEXT_KEY_TOO_YOUNG"
    title = "The next signing key was published less than an hour ago"


@dataclass(frozen=True)
class SigningKey:
    """A key pair and its place in the line: the ``next`` to sign, ``current``, or ``retiring``."""

    kid: str
    state: State
    public: Mapping[str, object]
    private: str = field(repr=False)
    created_at: datetime
    activated_at: datetime | None = None
    superseded_at: datetime | None = None

    def ready(self, at: datetime) -> bool:
        """Whether the key was published for long enough to be used."""
        return at - self.created_at >= PUBLISHED_BEFORE_USE

    def sign(self, claims: Mapping[str, object], *, kind: str, secret: str) -> str:
        """``claims`` as a compact token of the type ``kind``, signed with the private half."""
        header: dict[str, object] = {"alg": ALGORITHM, "typ": kind, "kid": self.kid}
        signed = json_b64encode(header) + b"." + json_b64encode(dict(claims))
        signature = JWSRegistry(algorithms=[ALGORITHM]).get_alg(ALGORITHM).sign(signed, opened(self.private, secret))
        return (signed + b"." + urlsafe_b64encode(signature)).decode()


def make_key(secret: str, at: datetime, state: State = "next", *, bits: int = BITS) -> SigningKey:
    """A new RSA key, its private half encrypted under ``secret``. Takes a noticeable part of a second."""
    pair = RSAKey.generate_key(bits, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    text = json.dumps(pair.as_dict(private=True))
    private = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text, _sealing_key(secret))
    kid = str(pair.kid)
    activated_at = at if state == "current" else None
    return SigningKey(kid, state, pair.as_dict(private=False), private, at, activated_at)


@lru_cache(maxsize=16)
def opened(private: str, secret: str) -> RSAKey:
    """The key pair in ``private``. Raises JoseError when ``secret`` is not the one that sealed it."""
    text = jwe.decrypt_compact(private, _sealing_key(secret)).plaintext
    return RSAKey.import_key(json.loads(text or b"{}"))


def key_set(keys: Sequence[SigningKey]) -> dict[str, list[Mapping[str, object]]]:
    """The JWK Set (RFC 7517) of the public halves."""
    return {"keys": [key.public for key in keys]}


def _sealing_key(secret: str) -> OctKey:
    return OctKey.import_key(hashlib.sha256(secret.encode()).digest())
