"""A request for a code, judged by RFC 6749 §4.1, RFC 7636 and RFC 9700, and the code that it earns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Self
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from throughcare.kit.errors import BadRequest
from throughcare.services.auth.client.model import (
    Client,
    InvalidRequest,
    UnauthorisedClient,
    UnsupportedResponseType,
)

CODE_LIFE = timedelta(seconds=60)
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
GRANT = "authorization_code"

Parameters = Mapping[str, Sequence[str]]


class UnknownDestination(BadRequest):
    """The client is unknown or the redirect URI is not registered for it: nobody is sent there (400)."""

    code = "UNKNOWN_DESTINATION"
    title = "The service that you came from is not registered"
    template: ClassVar[str] = "unknown_destination.html"


@dataclass(frozen=True)
class AuthorizationRequest:
    """What a client asks for when it sends somebody to sign in."""

    client_id: str
    redirect_uri: str
    state: str
    code_challenge: str
    scopes: tuple[str, ...]
    audiences: tuple[str, ...]
    nonce: str | None

    @classmethod
    def of(cls, client: Client, redirect_uri: str, parameters: Parameters, at: datetime) -> Self:
        """The request in ``parameters``. Raises the OAuthError that the client is to be told of."""
        if repeated(parameters):
            raise InvalidRequest("a parameter is given twice")
        if client.has_ended(at):
            raise UnauthorisedClient("the client's time is over")
        client.check_grant(GRANT)
        if one(parameters, "response_type") != "code":
            raise UnsupportedResponseType("only response_type=code is answered")
        challenge = one(parameters, "code_challenge")
        if challenge is None or one(parameters, "code_challenge_method") != "S256":
            raise InvalidRequest("a code_challenge with the method S256 is needed")
        if not CHALLENGE.fullmatch(challenge):
            raise InvalidRequest("the code_challenge is no SHA-256 digest")
        state = one(parameters, "state")
        if not state:
            raise InvalidRequest("a state is needed")
        return cls(
            client_id=client.client_id,
            redirect_uri=redirect_uri,
            state=state,
            code_challenge=challenge,
            scopes=client.scopes_for(one(parameters, "scope")),
            audiences=client.audiences_for(parameters.get("resource", ())),
            nonce=one(parameters, "nonce"),
        )


@dataclass(frozen=True)
class AuthorizationCode:
    """A code on record by its hash: used once, within a minute, by the client that it was made for."""

    code_hash: str
    client_id: str
    redirect_uri: str
    code_challenge: str
    session_id: UUID
    account_id: UUID
    scopes: tuple[str, ...]
    audiences: tuple[str, ...]
    nonce: str | None
    family_id: UUID
    expires_at: datetime
    used_at: datetime | None = None


def one(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter that is given once; None when it is missing or empty."""
    return next(iter(parameters.get(name, ())), None) or None


def repeated(parameters: Parameters) -> bool:
    """Whether a parameter other than ``resource`` is given more than once."""
    return any(len(values) > 1 for name, values in parameters.items() if name != "resource")


def destination(client: Client | None, parameters: Parameters) -> str:
    """The redirect URI, if it is one of the client's own, exactly. Raises UnknownDestination."""
    given = parameters.get("redirect_uri", ())
    if client is None or len(given) != 1 or given[0] not in client.redirect_uris:
        raise UnknownDestination
    return given[0]


def answered(redirect_uri: str, answer: Mapping[str, str | None]) -> str:
    """``redirect_uri`` with the answer in its query."""
    query = urlencode({name: value for name, value in answer.items() if value is not None})
    return f"{redirect_uri}{'&' if urlsplit(redirect_uri).query else '?'}{query}"
