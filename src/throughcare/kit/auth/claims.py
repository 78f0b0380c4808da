"""What an access token must claim before anything believes it.

The rules are those of RFC 9068 and RFC 8725, narrowed to the claims that HMPPS's authorisation server issues.
Each check has a reason of its own, the label of the metric ``auth_token_rejected_total``; callers see none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from throughcare.kit.auth.principal import Principal
from throughcare.kit.errors import Unauthorised

SKEW_SECONDS = 60
LONGEST_LIFE_SECONDS = 24 * 60 * 60
AUTH_SOURCES = frozenset({"nomis", "delius", "auth", "azuread", "none"})


class TokenRefused(Unauthorised):
    """No acceptable token (401). ``reason`` names the first check that failed, for metrics alone."""

    def __init__(self, reason: str) -> None:
        challenge = "Bearer" if reason == "absent" else 'Bearer error="invalid_token"'
        super().__init__(headers={"WWW-Authenticate": challenge})
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Validity:
    """When a token holds, in seconds since 1970."""

    issued_at: float
    not_before: float
    expires_at: float

    def check(self, now: float) -> None:
        """Raises TokenRefused when the token has ended or has not begun at ``now``, give or take a minute."""
        if self.expires_at <= now - SKEW_SECONDS:
            raise TokenRefused("exp")
        if self.not_before > now + SKEW_SECONDS:
            raise TokenRefused("nbf")
        if self.issued_at > now + SKEW_SECONDS:
            raise TokenRefused("iat")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says of its bearer."""

    validity: Validity
    audiences: tuple[str, ...]
    sub: str
    client_id: str
    jti: str
    authorities: frozenset[str]
    scopes: frozenset[str]
    auth_source: str
    grant_type: str | None
    user_name: str | None
    user_id: str | None
    name: str | None
    session_id: str | None

    def principal(self, token: str) -> Principal:
        """Who presented ``token``."""
        return Principal(
            client_id=self.client_id,
            username=self.user_name,
            auth_source=self.auth_source,
            user_id=self.user_id,
            name=self.name,
            roles=self.authorities,
            scopes=self.scopes,
            jti=self.jti,
            token=token,
        )


def check_claims(payload: Mapping[str, object], *, issuer: str, audience: str | None, now: float) -> Claims:
    """The claims of ``payload``, each of them checked. ``audience`` None takes a token for any service.

    Raises TokenRefused.
    """
    if payload.get("iss") != issuer:
        raise TokenRefused("iss")
    audiences = _audiences(payload.get("aud"))
    if not audiences or (audience is not None and audience not in audiences):
        raise TokenRefused("aud")
    return Claims(
        validity=_validity(payload, now),
        audiences=audiences,
        sub=_required(payload, "sub"),
        client_id=_required(payload, "client_id"),
        jti=_required(payload, "jti"),
        authorities=_authorities(payload),
        scopes=_scopes(payload.get("scope")),
        auth_source=_auth_source(payload),
        grant_type=_text(payload, "grant_type"),
        user_name=_user_name(payload),
        user_id=_text(payload, "user_id"),
        name=_text(payload, "name"),
        session_id=_text(payload, "jwt_id"),
    )


def _validity(payload: Mapping[str, object], now: float) -> Validity:
    issued_at, expires_at = _seconds(payload, "iat"), _seconds(payload, "exp")
    not_before = _seconds(payload, "nbf") if "nbf" in payload else issued_at
    validity = Validity(issued_at, not_before, expires_at)
    validity.check(now)
    if not 0 < expires_at - issued_at <= LONGEST_LIFE_SECONDS:
        raise TokenRefused("lifetime")
    return validity


def _seconds(payload: Mapping[str, object], claim: str) -> float:
    value = payload.get(claim)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(claim)
    try:
        seconds = float(value)
    except OverflowError:
        raise TokenRefused(claim) from None
    if not math.isfinite(seconds):
        raise TokenRefused(claim)
    return seconds


def _audiences(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if _all_text(value) else ()


def _authorities(payload: Mapping[str, object]) -> frozenset[str]:
    value = payload.get("authorities", [])
    if not _all_text(value):
        raise TokenRefused("authorities")
    return frozenset(value)


def _auth_source(payload: Mapping[str, object]) -> str:
    value = _text(payload, "auth_source")
    if value not in AUTH_SOURCES:
        raise TokenRefused("auth_source")
    return value


def _user_name(payload: Mapping[str, object]) -> str | None:
    value = _text(payload, "user_name")
    if value is None and ("user_name" in payload or payload.get("grant_type") == "authorization_code"):
        raise TokenRefused("user_name")
    return value


def _scopes(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(value) if _all_text(value) else frozenset()


def _required(payload: Mapping[str, object], claim: str) -> str:
    value = _text(payload, claim)
    if value is None:
        raise TokenRefused(claim)
    return value


def _text(payload: Mapping[str, object], claim: str) -> str | None:
    value = payload.get(claim)
    return value if isinstance(value, str) and value else None


def _all_text(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
