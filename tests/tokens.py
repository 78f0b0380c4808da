"""Signs tokens for tests, good and broken ones, with keys of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

ISSUER = "http://auth.test/auth/issuer"
AUDIENCE = "prison"
NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)

Document = Mapping[str, object]


def signing_key(kid: str = "first") -> RSAKey:
    """A private key called ``kid``, the same on every call."""
    return _signing_key(kid)


@cache
def _signing_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def jwks(*keys: RSAKey) -> dict[str, object]:
    """The JWK Set with the public halves of ``keys``."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def user_claims(now: datetime = NOW, /, **changes: object) -> dict[str, object]:
    """The claims of a signed-in practitioner, with ``changes``; a change to None leaves the claim out."""
    seconds = int(now.timestamp())
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": [AUDIENCE, "probation"],
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + 1200,
        "jti": "4nQ0fXnUQpO5v5tUoMmD1w",
        "sub": "BERNARD.BEAKS",
        "user_name": "BERNARD.BEAKS",
        "name": "Bernard Beaks",
        "user_id": "2500000001",
        "auth_source": "delius",
        "jwt_id": "018e0914-0000-7000-8000-000000000001",
        "client_id": "throughcare-ui",
        "grant_type": "authorization_code",
        "scope": ["read", "write"],
        "authorities": ["ROLE_PROBATION"],
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def client_claims(now: datetime = NOW, /, **changes: object) -> dict[str, object]:
    """The claims of a machine client, with ``changes``; a change to None leaves the claim out."""
    person = ("user_name", "name", "user_id", "jwt_id")
    machine = {
        "sub": "interventions",
        "client_id": "interventions",
        "auth_source": "none",
        "grant_type": "client_credentials",
        "authorities": ["ROLE_PRISONER_SEARCH"],
    }
    return user_claims(now, **dict.fromkeys(person), **(machine | changes))


def sign(claims: object, key: RSAKey | None = None, header: Document | None = None) -> str:
    """``claims`` as a compact token signed RS256 with ``key``; None in ``header`` leaves a member out."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return sign_bytes(payload, key or signing_key(), header)


def sign_bytes(payload: bytes, key: RSAKey, header: Document | None = None) -> str:
    """Any bytes as a compact token signed RS256 with ``key``."""
    usual: dict[str, object] = {"alg": "RS256", "typ": "at+jwt", "kid": key.kid}
    protected = {name: value for name, value in (usual | dict(header or {})).items() if value is not None}
    signed = segment(json.dumps(protected).encode()) + b"." + segment(payload)
    signature = JWSRegistry(algorithms=["RS256"]).get_alg("RS256").sign(signed, key)
    return (signed + b"." + segment(signature)).decode()


def segment(content: bytes) -> bytes:
    """``content`` as a segment of a compact token."""
    return urlsafe_b64encode(content)


def header_of(token: str) -> dict[str, object]:
    """What the header of a compact token says."""
    return dict(json.loads(urlsafe_b64decode(token.partition(".")[0].encode())))


def claims_of(token: str) -> dict[str, object]:
    """What the payload of a compact token says."""
    return dict(json.loads(urlsafe_b64decode(token.split(".")[1].encode())))
