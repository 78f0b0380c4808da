"""A registered client, what it may ask for, and how it is refused.

The errors are those of RFC 6749 §5.2 and RFC 8707. Their body has OAuth's members beside HMPPS's own.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import ClassVar, Self

from throughcare.kit.errors import ServiceError
from throughcare.kit.service import ClientSpec

ACT_ON_BEHALF = "act-on-behalf"
INTROSPECT = "introspect"


class OAuthError(ServiceError):
    """A refusal in OAuth's own words: ``error`` is the protocol's code."""

    status: ClassVar[int] = 400
    error: ClassVar[str] = "invalid_request"

    def __init__(self, description: str, *, headers: dict[str, str] | None = None) -> None:
        body = {"error": self.error, "error_description": description, "field": None}
        super().__init__(description, code=self.error.upper(), extra=body, headers=headers)


class InvalidRequest(OAuthError):
    """A parameter is missing, malformed or given twice (400)."""


class InvalidClient(OAuthError):
    """The client is unknown, its secret is wrong, or its time is over (401)."""

    status = 401
    error = "invalid_client"

    def __init__(self, description: str = "the client could not be authenticated") -> None:
        super().__init__(description, headers={"WWW-Authenticate": 'Basic realm="auth"'})


class AccessDenied(OAuthError):
    """The client may not do this, or not from here (403)."""

    status = 403
    error = "access_denied"


class UnauthorisedClient(OAuthError):
    """The client is not registered for this (400)."""

    error = "unauthorized_client"


class InvalidGrant(OAuthError):
    """The code, refresh token or user name is not, or no longer, good (400)."""

    error = "invalid_grant"


class InvalidScope(OAuthError):
    """A scope is not registered for the client (400)."""

    error = "invalid_scope"


class InvalidTarget(OAuthError):
    """A ``resource`` is not one that the client may reach (400)."""

    error = "invalid_target"


class UnsupportedGrantType(OAuthError):
    """No client can use this grant (400)."""

    error = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    """Only ``code`` is answered (400)."""

    error = "unsupported_response_type"


def hash_secret(secret: str) -> str:
    """What is stored of a client's secret, which is random and long, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Client:
    """A client. ``audiences`` are the services that its tokens may be for; ``ends_at`` is its end date.

    ``keys`` are public keys (RFC 7517) with which it may prove who it is instead of by its secret. ``registered`` tells
    one that was registered at run time from one that the system declares.
    """

    client_id: str
    secret_hash: str = field(repr=False)
    grants: tuple[str, ...]
    roles: tuple[str, ...]
    audiences: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    permissions: tuple[str, ...]
    scopes: tuple[str, ...]
    allowed_ips: tuple[str, ...] = ()
    ends_at: datetime | None = None
    keys: tuple[Mapping[str, str | list[str]], ...] = ()
    registered: bool = False

    @classmethod
    def of(cls, spec: ClientSpec) -> Self:
        """The client that a host declares."""
        return cls(
            client_id=spec.client_id,
            secret_hash=hash_secret(spec.secret),
            grants=spec.grants,
            roles=spec.roles,
            audiences=spec.audiences,
            redirect_uris=spec.redirect_uris,
            permissions=spec.permissions,
            scopes=spec.scopes,
        )

    def accepts(self, secret: str) -> bool:
        """Whether ``secret`` is the client's, in constant time."""
        return hmac.compare_digest(self.secret_hash, hash_secret(secret))

    def check_usable(self, at: datetime, address: str) -> None:
        """Raises InvalidClient after the end date, AccessDenied when ``address`` is not on the list."""
        if self.has_ended(at):
            raise InvalidClient("the client's time is over")
        if self.allowed_ips and not any(_within(address, network) for network in self.allowed_ips):
            raise AccessDenied("the client may not call from this address")

    def has_ended(self, at: datetime) -> bool:
        """Whether the client's end date has passed."""
        return self.ends_at is not None and self.ends_at <= at

    def check_grant(self, grant: str) -> None:
        """Raises UnauthorisedClient when ``grant`` is not enabled for the client."""
        if grant not in self.grants:
            raise UnauthorisedClient("the client may not use this grant")

    def check_permission(self, permission: str) -> None:
        """Raises UnauthorisedClient when the client lacks ``permission``."""
        if permission not in self.permissions:
            raise UnauthorisedClient(f"the client has no permission to {permission}")

    def scopes_for(self, asked: str | None) -> tuple[str, ...]:
        """The scopes of a token: those asked for, else all that are registered. Raises InvalidScope."""
        return narrowed(asked, self.scopes)

    def audiences_for(self, resources: Sequence[str]) -> tuple[str, ...]:
        """The audiences of a token: the ``resources`` named, else all registered. Raises InvalidTarget."""
        return targeted(resources, self.audiences)

    def sign_out_uri(self, uri: str | None) -> str | None:
        """``uri`` when it is registered, a slash at its end aside; otherwise None."""
        known = {registered.removesuffix("/") for registered in self.redirect_uris}
        return uri if uri is not None and uri.removesuffix("/") in known else None


def narrowed(asked: str | None, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """The space-separated scopes ``asked`` for, or all ``allowed`` when none is. Raises InvalidScope."""
    wanted = tuple(dict.fromkeys((asked or "").split()))
    if not set(wanted) <= set(allowed):
        raise InvalidScope("a scope is not registered for the client")
    return wanted or allowed


def targeted(resources: Sequence[str], allowed: tuple[str, ...]) -> tuple[str, ...]:
    """The ``resources`` as audiences, or all ``allowed`` when none is named. Raises InvalidTarget."""
    wanted = tuple(dict.fromkeys(resources))
    if not set(wanted) <= set(allowed) or not allowed:
        raise InvalidTarget("the client may not reach a resource that it names")
    return wanted or allowed


def _within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network)
    except ValueError:
        return False
