"""Answers about tokens: HMPPS's, RFC 7662's and OpenID Connect's."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

from throughcare.kit.auth.claims import Claims
from throughcare.services.auth.account.model import Account
from throughcare.services.auth.introspection.model import Standing


class Activity(BaseModel):
    """Whether a token is alive."""

    active: bool


class Introspection(BaseModel):
    """What a service may know of a token; of a dead or unknown one only that it is not active."""

    active: bool
    scope: str | None = None
    client_id: str | None = None
    username: str | None = None
    sub: str | None = None
    aud: list[str] | None = None
    iss: str | None = None
    exp: int | None = None
    iat: int | None = None
    nbf: int | None = None
    jti: str | None = None
    token_type: str | None = None

    @classmethod
    def of(cls, standing: Standing, claims: Claims | None, issuer: str) -> Self:
        """The answer about a live token; ``claims`` is None for a refresh token, which has none."""
        token = standing.token
        known = cls(
            active=True,
            scope=" ".join(token.family.scopes),
            client_id=token.family.client_id,
            aud=list(token.family.audiences),
            iss=issuer,
            exp=int(token.expires_at.timestamp()),
            iat=int(token.issued_at.timestamp()),
            token_type="refresh_token",
        )
        if claims is None:
            return known
        of_access = {
            "username": claims.user_name,
            "sub": claims.sub,
            "jti": claims.jti,
            "token_type": "Bearer",
        }
        return known.model_copy(update=of_access | {"nbf": int(claims.validity.not_before)})


class UserInfo(BaseModel):
    """Who is signed in."""

    sub: str
    name: str
    user_name: str
    auth_source: str
    email: str | None = None

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account's own facts; an e-mail address only when it is verified."""
        return cls(
            sub=account.username,
            name=account.name,
            user_name=account.username,
            auth_source=account.source,
            email=account.verified_email,
        )
