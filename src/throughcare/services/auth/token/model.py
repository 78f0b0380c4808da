"""What a token says, how long it lives, and when it no longer counts. Times are business time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from throughcare.services.auth.account.model import Account, authorities
from throughcare.services.auth.client.model import Client

ACCESS_LIFE = timedelta(minutes=20)
REFRESH_LIFE = timedelta(hours=12)
ACCESS_TYPE = "at+jwt"
ID_TYPE = "JWT"
VERIFIER_LENGTHS = range(43, 129)

Kind = Literal["access", "refresh"]


@dataclass(frozen=True)
class Issuing:
    """Who issues: the issuer's URL, and the secret under which its keys are kept."""

    issuer: str
    key_secret: str = field(repr=False)


@dataclass(frozen=True)
class Family:
    """What the tokens of one grant have in common."""

    id: UUID
    client_id: str
    scopes: tuple[str, ...]
    audiences: tuple[str, ...]
    session_id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True)
class IssuedToken:
    """A token on record. ``jti`` of a refresh token is its hash, since the token itself is not kept."""

    jti: str
    kind: Kind
    family: Family
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @classmethod
    def access(cls, family: Family, at: datetime) -> Self:
        """A new access token with an id of 128 random bits."""
        return cls(secrets.token_urlsafe(16), "access", family, at, at + ACCESS_LIFE)

    def spent(self) -> bool:
        """Whether the token was used or taken back, so that showing it again means that it was stolen."""
        return self.used_at is not None or self.revoked_at is not None

    def alive(self, at: datetime, not_before: datetime | None) -> bool:
        """Whether the token itself still counts, whatever became of its session, account and client.

        A point that lies ahead of ``at`` was set before business time went back: what it ended then is marked
        as revoked, and nothing issued since is meant.
        """
        return (
            not self.spent()
            and at < self.expires_at
            and (not_before is None or not_before > at or self.issued_at >= not_before)
        )  # fmt: skip


@dataclass(frozen=True)
class TokenSet:
    """What a successful grant answers with."""

    access_token: str = field(repr=False)
    claims: dict[str, object] = field(repr=False)
    scopes: tuple[str, ...]
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


def client_claims(issuer: str, token: IssuedToken, client: Client, account: Account | None) -> dict[str, object]:
    """The claims of a machine client's token; with ``account``, of one that acts for them (RFC 8693)."""
    claims = _claims(issuer, token) | {
        "sub": client.client_id,
        "auth_source": "none",
        "grant_type": "client_credentials",
        "authorities": sorted(client.roles),
    }
    if account is not None:
        claims |= {
            "sub": account.username,
            "user_name": account.username,
            "auth_source": account.source,
            "act": {"sub": client.client_id},
        }
    return claims


def user_claims(issuer: str, token: IssuedToken, account: Account, roles: tuple[str, ...]) -> dict[str, object]:
    """The claims of the token of a person who signed in."""
    return _claims(issuer, token) | {
        "sub": account.username,
        "user_name": account.username,
        "name": account.name,
        "auth_source": account.source,
        "user_id": account.source_id,
        "user_uuid": str(account.user_id),
        "jwt_id": str(token.family.session_id),
        "grant_type": "authorization_code",
        "authorities": authorities(account.source, roles),
    }


def id_claims(
    issuer: str, token: IssuedToken, account: Account, signed_in_at: datetime, nonce: str | None
) -> dict[str, object]:
    """The claims of an ID token (OpenID Connect Core §2), which is for the client alone."""
    claims: dict[str, object] = {
        "iss": issuer,
        "sub": account.username,
        "aud": token.family.client_id,
        "iat": int(token.issued_at.timestamp()),
        "exp": int(token.expires_at.timestamp()),
        "auth_time": int(signed_in_at.timestamp()),
        "jti": secrets.token_urlsafe(16),
    }
    return claims if nonce is None else claims | {"nonce": nonce}


def _claims(issuer: str, token: IssuedToken) -> dict[str, object]:
    issued_at = int(token.issued_at.timestamp())
    return {
        "iss": issuer,
        "aud": list(token.family.audiences),
        "iat": issued_at,
        "nbf": issued_at,
        "exp": int(token.expires_at.timestamp()),
        "jti": token.jti,
        "client_id": token.family.client_id,
        "scope": list(token.family.scopes),
    }


def proves(verifier: str, challenge: str) -> bool:
    """Whether ``verifier`` is the one whose S256 challenge was given (RFC 7636 §4.6)."""
    if len(verifier) not in VERIFIER_LENGTHS or not verifier.isascii():
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest.decode(), challenge)
