"""Services, keys and the tokens made with them.

Source: docs.notifications.service.gov.uk, "API keys", "authorisation header" and "error codes". A token's
age is measured on the real clock, whatever the business clock says: clients of Notify know no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.util import urlsafe_b64decode

from throughcare.services.notify.refusal.model import Refused

KeyType = Literal["live", "team", "test"]
LEEWAY_SECONDS = 30
DAILY_LIMITS = {"email": 250_000, "sms": 250_000}
TRIAL_DAILY_LIMIT = 50

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_UNREADABLE = "The token does not match the documented form of a JSON Web Token"


@dataclass(frozen=True)
class Key:
    """One API key of a service."""

    name: str
    type: KeyType
    secret: UUID
    revoked: bool = False


@dataclass(frozen=True)
class Sender:
    """A reply-to address or the name that a text comes from."""

    id: UUID
    value: str


@dataclass(frozen=True)
class Callback:
    """Where delivery receipts go: a ``path`` at the service ``peer`` of this system, or any ``url``."""

    token: str
    peer: str = ""
    path: str = ""
    url: str = ""


@dataclass(frozen=True)
class Account:
    """A service that sends through Notify."""

    id: UUID
    slug: str
    name: str
    email_from: str
    sms_sender: str = "GOVUK"
    templates: str = ""
    trial: bool = False
    archived: bool = False
    keys: tuple[Key, ...] = ()
    team: frozenset[str] = frozenset()
    guests: frozenset[str] = frozenset()
    reply_to: tuple[Sender, ...] = ()
    sms_senders: tuple[Sender, ...] = ()
    callback: Callback | None = None

    def may_send_to(self, recipient: str, key: Key) -> bool:
        """Whether this key may write to ``recipient``, given in its normal form.

        Team keys reach the team and the guest list; a service in trial mode reaches no further with a live
        key.
        """
        if key.type == "test" or not (key.type == "team" or self.trial):
            return True
        return recipient in self.team or recipient in self.guests

    def daily_limit(self, channel: str, key: Key) -> int | None:
        """Messages a day; None for test keys, which are not counted."""
        if key.type == "test":
            return None
        return TRIAL_DAILY_LIMIT if self.trial else DAILY_LIMITS[channel]


@dataclass(frozen=True)
class Caller:
    """Who a request to the Notify API comes from."""

    account: Account
    key: Key


def identify(authorization: str | None, accounts: Mapping[UUID, Account], now: datetime) -> Caller:
    """The service and key that signed a request. ``now`` is real time. Raises Refused with 401 or 403."""
    token = _bearer(authorization)
    header, claims = _unverified(token)
    if "iss" not in claims:
        raise Refused.unauthorised("The token has no iss claim")
    account = _account(claims["iss"], accounts)
    if header.get("alg") != "HS256":
        raise Refused.unauthorised("The token's algorithm is not HS256")
    for key in account.keys:
        if _signed_with(token, key):
            return Caller(account, _usable(key, claims, now))
    raise Refused.unauthorised("API key not found")


def _bearer(authorization: str | None) -> str:
    if not authorization:
        raise Refused.unauthorised("An authentication token must be provided", status=401)
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Refused.unauthorised("The bearer scheme must be used", status=401)
    return token


def _unverified(token: str) -> tuple[dict[str, object], dict[str, object]]:
    if not _COMPACT.fullmatch(token):
        raise Refused.unauthorised(_UNREADABLE)
    header, claims, _ = token.split(".")
    return _object(header), _object(claims)


def _object(part: str) -> dict[str, object]:
    try:
        found = json.loads(urlsafe_b64decode(part.encode()))
    except ValueError:
        raise Refused.unauthorised(_UNREADABLE) from None
    if not isinstance(found, dict):
        raise Refused.unauthorised(_UNREADABLE)
    return found


def _account(issuer: object, accounts: Mapping[UUID, Account]) -> Account:
    try:
        account = accounts.get(UUID(str(issuer)))
    except ValueError:
        raise Refused.unauthorised("The service id in the token is not a UUID") from None
    if account is None:
        raise Refused.unauthorised("Service not found")
    if not account.keys:
        raise Refused.unauthorised("The service has no API keys")
    if account.archived:
        raise Refused.unauthorised("The service is archived")
    return account


def _signed_with(token: str, key: Key) -> bool:
    try:
        jws.deserialize_compact(token, OctKey.import_key(str(key.secret)), algorithms=["HS256"])
    except (JoseError, ValueError):
        return False
    return True


def _usable(key: Key, claims: Mapping[str, object], now: datetime) -> Key:
    issued = claims.get("iat")
    if issued is None:
        raise Refused.unauthorised("API key not found")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise Refused.unauthorised("The token's iat claim is not a time")
    if not abs(now.timestamp() - issued) <= LEEWAY_SECONDS:
        raise Refused.unauthorised("Your system clock must be accurate to within 30 seconds")
    if key.revoked:
        raise Refused.unauthorised("API key revoked")
    return key
