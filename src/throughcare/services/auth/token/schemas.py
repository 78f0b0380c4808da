"""The token endpoint's form and answer, in OAuth's own spelling."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from throughcare.services.auth.token.model import ACCESS_LIFE, TokenSet

ECHOED = ("sub", "jti", "iss", "auth_source", "user_name", "name", "user_id", "user_uuid", "jwt_id")


class ClientForm(BaseModel):
    """A client that names itself in the form rather than by Basic authentication."""

    client_id: str | None = None
    client_secret: str | None = None
    client_assertion_type: str | None = None
    client_assertion: str | None = None


class TokenForm(ClientForm):
    """A request for tokens; which fields are needed depends on the grant."""

    grant_type: str | None = None
    scope: str | None = None
    resource: list[str] = Field(default_factory=list)
    username: str | None = None
    auth_source: str | None = None
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    refresh_token: str | None = None


class HeldTokenForm(ClientForm):
    """A token that is asked about or taken back."""

    token: str | None = None
    token_type_hint: str | None = None


class TokenResponse(BaseModel):
    """Tokens. Whoever needs a claim reads the token; the further members only echo it."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int
    scope: str
    refresh_token: str | None = None
    id_token: str | None = None
    sub: str
    jti: str
    iss: str
    auth_source: str
    user_name: str | None = None
    name: str | None = None
    user_id: str | None = None
    user_uuid: str | None = None
    jwt_id: str | None = None

    @classmethod
    def of(cls, issued: TokenSet) -> Self:
        """The answer that hands over ``issued``."""
        return cls.model_validate(
            {
                "access_token": issued.access_token,
                "expires_in": int(ACCESS_LIFE.total_seconds()),
                "scope": " ".join(issued.scopes),
                "refresh_token": issued.refresh_token,
                "id_token": issued.id_token,
                **{name: issued.claims.get(name) for name in ECHOED},
            }
        )
