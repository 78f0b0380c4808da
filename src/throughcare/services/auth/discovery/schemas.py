"""The metadata document."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

from throughcare.services.auth.assertion.model import ALGORITHMS
from throughcare.services.auth.key.model import ALGORITHM

CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


class Metadata(BaseModel):
    """Endpoints and abilities, named as the standards name them."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    revocation_endpoint: str
    introspection_endpoint: str
    userinfo_endpoint: str
    end_session_endpoint: str
    response_types_supported: list[str] = ["code"]
    response_modes_supported: list[str] = ["query"]
    grant_types_supported: list[str] = ["authorization_code", "client_credentials", "refresh_token"]
    subject_types_supported: list[str] = ["public"]
    scopes_supported: list[str] = ["openid", "read", "write"]
    claims_supported: list[str] = ["sub", "name", "user_name", "auth_source", "email"]
    code_challenge_methods_supported: list[str] = ["S256"]
    id_token_signing_alg_values_supported: list[str] = [ALGORITHM]
    token_endpoint_auth_methods_supported: list[str] = CLIENT_AUTHENTICATION
    revocation_endpoint_auth_methods_supported: list[str] = CLIENT_AUTHENTICATION
    introspection_endpoint_auth_methods_supported: list[str] = CLIENT_AUTHENTICATION
    token_endpoint_auth_signing_alg_values_supported: list[str] = list(ALGORITHMS)
    revocation_endpoint_auth_signing_alg_values_supported: list[str] = list(ALGORITHMS)
    introspection_endpoint_auth_signing_alg_values_supported: list[str] = list(ALGORITHMS)
    authorization_response_iss_parameter_supported: bool = True
    request_parameter_supported: bool = False
    request_uri_parameter_supported: bool = False

    @classmethod
    def of(cls, issuer: str, base: str) -> Self:
        """The document of ``issuer``, whose endpoints are under ``base``."""
        return cls(
            issuer=issuer,
            authorization_endpoint=f"{base}/oauth2/authorize",
            token_endpoint=f"{base}/oauth2/token",
            jwks_uri=f"{base}/.well-known/jwks.json",
            revocation_endpoint=f"{base}/oauth2/revoke",
            introspection_endpoint=f"{base}/oauth2/introspect",
            userinfo_endpoint=f"{base}/oauth2/userinfo",
            end_session_endpoint=f"{base}/sign-out",
        )
