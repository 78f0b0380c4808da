"""API keys and tokens of GOV.UK Notify, and those that the stand-in and its callers derive from one secret.

Source: docs.notifications.service.gov.uk, "API keys" and "authorisation header".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import NAMESPACE_URL, UUID, uuid5

from joserfc import jwt
from joserfc.jwk import OctKey

from throughcare.kit.settings import Secrets


@dataclass(frozen=True)
class ApiKey:
    """A key of one service at Notify. Its text form is ``name-service-secret``; the name may hold hyphens."""

    name: str
    service_id: UUID
    secret: UUID

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key written as ``text``, read from the right. Raises ValueError."""
        if len(text) < 73 or text[-37] != "-":
            raise ValueError("is not an API key of GOV.UK Notify")
        return cls(text[:-74], UUID(text[-73:-37]), UUID(text[-36:]))

    def __str__(self) -> str:
        return f"{self.name}-{self.service_id}-{self.secret}"

    def __repr__(self) -> str:
        return f"ApiKey({self.name!r})"

    def token(self, now: datetime) -> str:
        """A token for one request, good for 30 seconds around ``now``, which must be real time."""
        claims = {"iss": str(self.service_id), "iat": int(now.timestamp())}
        key = OctKey.import_key(str(self.secret))
        return jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, key, algorithms=["HS256"])


def derived_key(secrets: Secrets, service: str, name: str | None = None) -> ApiKey:
    """The key ``name`` of ``service`` at the stand-in; by default the one called like the service."""
    purpose = f"notify:{service}" if name in {None, service} else f"notify:{service}:{name}"
    secret = hashlib.sha256(secrets.derive(purpose).encode()).digest()[:16]
    return ApiKey(name or service, service_id(service), UUID(bytes=secret))


def service_id(service: str) -> UUID:
    """The id under which the stand-in knows ``service``."""
    return uuid5(NAMESPACE_URL, f"throughcare:notify:{service}")


def template_id(key: str) -> UUID:
    """The id of a template at the stand-in."""
    return uuid5(NAMESPACE_URL, f"throughcare:notify:template:{key}")


def callback_token(secrets: Secrets, service: str) -> str:
    """The bearer token that the stand-in's callbacks to ``service`` carry."""
    return secrets.derive(f"notify:callback:{service}")
