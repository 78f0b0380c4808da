"""What a client signs to say who it is, judged by RFC 7523 §3 and OpenID Connect Core §9.

Its times are real time, as a client's own clock is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode

from throughcare.services.auth.client.model import Client, InvalidClient

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS256", "PS256", "ES256")
LONGEST_BYTES = 16 * 1024
LONGEST_ID = 200
LONGEST_SECONDS, SKEW_SECONDS = 300, 60


@dataclass(frozen=True)
class Assertion:
    """A client's proof: its ``jti`` is good once, until ``expires_at``."""

    client_id: str
    jti: str
    expires_at: datetime


def claimed_by(text: str) -> str:
    """The client that an assertion says it is of, before anything is verified. Raises InvalidClient."""
    try:
        claims = json.loads(urlsafe_b64decode(text[:LONGEST_BYTES].split(".")[1].encode()))
    except (ValueError, IndexError, RecursionError):
        raise InvalidClient from None
    client_id = claims.get("sub") if isinstance(claims, dict) else None
    if not isinstance(client_id, str) or not client_id:
        raise InvalidClient
    return client_id


def verified(text: str, client: Client, audiences: Collection[str], now: datetime) -> Assertion:
    """The assertion in ``text``, signed by a key of the client's, for one of ``audiences``. Raises InvalidClient."""
    claims = _signed(text, client)
    aud = claims.get("aud")
    named = {aud} if isinstance(aud, str) else set(aud) if isinstance(aud, list) and _all_text(aud) else set()
    if not claims.get("iss") == claims.get("sub") == client.client_id or named.isdisjoint(audiences):
        raise InvalidClient
    at, jti = now.timestamp(), claims.get("jti")
    ends = _seconds(claims.get("exp"))
    if not at - SKEW_SECONDS < ends <= at + LONGEST_SECONDS + SKEW_SECONDS:
        raise InvalidClient
    if any(_seconds(claims.get(name, at)) > at + SKEW_SECONDS for name in ("nbf", "iat")):
        raise InvalidClient
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_ID:
        raise InvalidClient
    return Assertion(client.client_id, jti, datetime.fromtimestamp(ends + SKEW_SECONDS, UTC))


def _signed(text: str, client: Client) -> Mapping[str, object]:
    if not client.keys or len(text) > LONGEST_BYTES:
        raise InvalidClient
    try:
        keys = KeySet.import_key_set({"keys": [dict(key) for key in client.keys]})
        return jwt.decode(text, keys, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise InvalidClient from None


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidClient
    try:
        seconds = float(value)
    except OverflowError:
        raise InvalidClient from None
    if not math.isfinite(seconds):
        raise InvalidClient
    return seconds


def _all_text(values: list[object]) -> bool:
    return all(isinstance(one, str) for one in values)
